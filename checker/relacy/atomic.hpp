#pragma once

#include "parley/checker/relacy/relacy.hpp"
#include "parley/checker/relacy/session.hpp"

#include <array>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <source_location>
#include <type_traits>

namespace parley::checker::relacy {

/// The part of `std::atomic<T>` that takes explicit orders, on Relacy's memory model: each access
/// is a point where the scheduler may switch, and a load may read an older store where Relacy finds
/// that C++ allows it (see Relacy for what it never shows: a store or a read-modify-write always
/// acts on the newest value).
///
/// We take the place of `rl::atomic`, which tells nobody which store a load has read and takes only
/// types that it can print. A place in the source is that of the caller.
template <class T>
    requires std::integral<T> || std::is_enum_v<T> || std::is_pointer_v<T>
class Atomic {
 public:
    using Where = std::source_location;

    Atomic() : Atomic(T{}) {}
    // NOLINTNEXTLINE(google-explicit-constructor): as std::atomic
    Atomic(T value) : data_(rl::ctx().atomic_ctor(this)), variable_(session.variables_made++) {
        const unsigned slot = thread().atomic_store_relaxed(data_);
        values_[slot] = value;
        stores_[slot] = newest_;
        newest_slot_ = slot;
    }
    ~Atomic() { rl::ctx().atomic_dtor(data_); }
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(std::memory_order order = std::memory_order_seq_cst,
           Where where = Where::current()) const {
        rl::ctx().sched();
        const unsigned slot = slot_to_load(order);
        if (slot >= slots) [[unlikely]] {
            fail(FailureClass::uninitialised_access, "an atomic was read before it was made",
                 where);
        }
        log(MemoryOperation::load, order, slot, where);
        return values_[slot];
    }

    void store(T value, std::memory_order order = std::memory_order_seq_cst,
               Where where = Where::current()) {
        rl::ctx().sched();
        put(slot_to_store(order), value);
        log(MemoryOperation::store, order, newest_slot_, where);
    }

    T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
               Where where = Where::current()) {
        return modify([value](T) { return value; }, order, where);
    }

    T fetch_add(T value, std::memory_order order = std::memory_order_seq_cst,
                Where where = Where::current())
        requires std::integral<T>
    {
        return modify([value](T old) { return static_cast<T>(old + value); }, order, where);
    }

    bool compare_exchange_strong(T& expected, T desired,
                                 std::memory_order success = std::memory_order_seq_cst,
                                 std::memory_order failure = std::memory_order_seq_cst,
                                 Where where = Where::current()) {
        rl::ctx().sched();
        return compare_exchange(expected, desired, success, failure, where);
    }

    /// As the strong one, but may fail although the values are equal: once per atomic under a
    /// search, one time in four under random scheduling.
    bool compare_exchange_weak(T& expected, T desired,
                               std::memory_order success = std::memory_order_seq_cst,
                               std::memory_order failure = std::memory_order_seq_cst,
                               Where where = Where::current()) {
        rl::ctx().sched();
        if (values_[newest_slot_] == expected && fails_spuriously()) {
            log(MemoryOperation::load, failure, slot_to_reload(failure), where);
            return false;
        }
        return compare_exchange(expected, desired, success, failure, where);
    }

 private:
    static constexpr std::size_t slots = rl::atomic_history_size;

    static rl::thread_info_base& thread() { return *rl::ctx().threadx_; }

    unsigned slot_to_load(std::memory_order order) const {
        switch (order) {
            case std::memory_order_relaxed:
                return thread().atomic_load_relaxed(data_);
            case std::memory_order_seq_cst:
                return thread().atomic_load_seq_cst(data_);
            default:
                return thread().atomic_load_acquire(data_);
        }
    }

    unsigned slot_to_store(std::memory_order order) {
        switch (order) {
            case std::memory_order_relaxed:
                return thread().atomic_store_relaxed(data_);
            case std::memory_order_seq_cst:
                return thread().atomic_store_seq_cst(data_);
            default:
                return thread().atomic_store_release(data_);
        }
    }

    unsigned slot_to_modify(std::memory_order order) {
        bool aba = false;
        switch (order) {
            case std::memory_order_relaxed:
                return thread().atomic_rmw_relaxed(data_, aba);
            case std::memory_order_release:
                return thread().atomic_rmw_release(data_, aba);
            case std::memory_order_acq_rel:
                return thread().atomic_rmw_acq_rel(data_, aba);
            case std::memory_order_seq_cst:
                return thread().atomic_rmw_seq_cst(data_, aba);
            default:
                return thread().atomic_rmw_acquire(data_, aba);
        }
    }

    /// What a compare-exchange that fails reads: always the newest store.
    unsigned slot_to_reload(std::memory_order order) {
        switch (order) {
            case std::memory_order_relaxed:
                return thread().atomic_load_relaxed_rmw(data_);
            case std::memory_order_seq_cst:
                return thread().atomic_load_seq_cst_rmw(data_);
            default:
                return thread().atomic_load_acquire_rmw(data_);
        }
    }

    template <class Change>
    T modify(Change change, std::memory_order order, const Where& where) {
        rl::ctx().sched();
        const T old = values_[newest_slot_];
        put(slot_to_modify(order), change(old));
        log(MemoryOperation::modify, order, newest_slot_, where);
        return old;
    }

    bool compare_exchange(T& expected, T desired, std::memory_order success,
                          std::memory_order failure, const Where& where) {
        if (values_[newest_slot_] == expected) {
            put(slot_to_modify(success), desired);
            log(MemoryOperation::modify, success, newest_slot_, where);
            return true;
        }
        log(MemoryOperation::load, failure, slot_to_reload(failure), where);
        expected = values_[newest_slot_];
        return false;
    }

    bool fails_spuriously() {
        if (rl::ctx().is_random_sched()) return rl::ctx().rand(4, rl::sched_type_cas_fail) == 1;
        if (has_failed_spuriously_) return false;
        return has_failed_spuriously_ = rl::ctx().rand(2, rl::sched_type_cas_fail) == 1;
    }

    void put(unsigned slot, T value) {
        values_[slot] = value;
        stores_[slot] = ++newest_;
        newest_slot_ = slot;
    }

    void log(MemoryOperation operation, std::memory_order order, unsigned slot,
             const Where& where) const {
        if (session.log == nullptr) [[likely]]
            return;
        record({.operation = operation,
                .order = order,
                .variable = variable_,
                .value = to_number(values_[slot]),
                .newest_value = to_number(values_[newest_slot_]),
                .store = stores_[slot],
                .newest_store = newest_},
               where);
    }

    static std::uint64_t to_number(T value) {
        if constexpr (std::is_pointer_v<T>) {
            return value == nullptr ? 0 : 1;
        } else {
            return static_cast<std::uint64_t>(value);
        }
    }

    rl::atomic_data* data_;
    std::array<T, slots> values_{};
    std::array<std::uint32_t, slots> stores_{};
    std::uint32_t newest_ = 0;
    unsigned newest_slot_ = 0;
    std::uint32_t variable_;
    bool has_failed_spuriously_ = false;
};

}  // namespace parley::checker::relacy
