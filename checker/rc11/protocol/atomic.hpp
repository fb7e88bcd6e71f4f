#pragma once

#include "parley/checker/rc11/operation.hpp"
#include "parley/checker/rc11/protocol/machine.hpp"

#include <atomic>
#include <concepts>
#include <source_location>
#include <type_traits>

namespace parley::rc11 {

constexpr Order order_of(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return Order::relaxed;
        case std::memory_order_consume:
        case std::memory_order_acquire:
            return Order::acquire;
        case std::memory_order_release:
            return Order::release;
        case std::memory_order_acq_rel:
            return Order::acq_rel;
        case std::memory_order_seq_cst:
            break;
    }
    return Order::seq_cst;
}

/// The part of `std::atomic<T>` that takes explicit orders: each access is an event of the engine's
/// graph. It is made before the threads of its test start, and destroyed after they have ended;
/// then it has the value that was stored last. A weak compare-exchange does not fail spuriously.
/// No pointers: their values differ from run to run.
template <class T>
    requires std::integral<T> || std::is_enum_v<T>
class Atomic {
 public:
    using Where = std::source_location;

    Atomic() : Atomic(T{}) {}
    // NOLINTNEXTLINE(google-explicit-constructor): as std::atomic
    Atomic(T value) : location_(machine().make_location(to_value(value))), last_(to_value(value)) {}
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(std::memory_order order = std::memory_order_seq_cst,
           Where where = Where::current()) const {
        if (!machine().is_in_thread()) return to_type(last_);
        return to_type(machine().access(operation(Operation::Kind::load, order), where));
    }

    void store(T value, std::memory_order order = std::memory_order_seq_cst,
               Where where = Where::current()) {
        Operation store = operation(Operation::Kind::store, order);
        store.value = to_value(value);
        if (machine().is_in_thread()) machine().access(store, where);
        last_ = store.value;
    }

    T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
               Where where = Where::current()) {
        return modify(Update::exchange, value, order, where);
    }

    T fetch_add(T value, std::memory_order order = std::memory_order_seq_cst,
                Where where = Where::current())
        requires std::integral<T>
    {
        return modify(Update::add, value, order, where);
    }

    bool compare_exchange_strong(T& expected, T desired,
                                 std::memory_order success = std::memory_order_seq_cst,
                                 std::memory_order failure = std::memory_order_seq_cst,
                                 Where where = Where::current()) {
        Operation modify = operation(Operation::Kind::modify, success);
        modify.failure = order_of(failure);
        modify.update = Update::compare_exchange;
        modify.value = to_value(desired);
        modify.expected = to_value(expected);
        const Value found = machine().access(modify, where);
        if (!does_write(modify, found)) {
            expected = to_type(found);
            return false;
        }
        last_ = modify.value;
        return true;
    }
    bool compare_exchange_weak(T& expected, T desired,
                               std::memory_order success = std::memory_order_seq_cst,
                               std::memory_order failure = std::memory_order_seq_cst,
                               Where where = Where::current()) {
        return compare_exchange_strong(expected, desired, success, failure, where);
    }

 private:
    static Machine& machine() { return Machine::current(); }
    static Value to_value(T value) { return truncated(static_cast<Value>(value), sizeof(T)); }
    static T to_type(Value value) { return static_cast<T>(value); }

    Operation operation(Operation::Kind kind, std::memory_order order) const {
        return {.kind = kind,
                .order = order_of(order),
                .bytes = static_cast<std::uint8_t>(sizeof(T)),
                .location = location_};
    }

    T modify(Update update, T value, std::memory_order order, const Where& where) {
        Operation modify = operation(Operation::Kind::modify, order);
        modify.update = update;
        modify.value = to_value(value);
        const Value found = machine().access(modify, where);
        last_ = updated(modify, found);
        return to_type(found);
    }

    LocationId location_;
    Value last_;
};

}  // namespace parley::rc11
