#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace parley::rc11 {

using ThreadId = std::uint32_t;
using LocationId = std::uint32_t;
using Value = std::uint64_t;

/// The memory orders of C++. `plain` is an access that is not atomic.
enum class Order : std::uint8_t { plain, relaxed, acquire, release, acq_rel, seq_cst };

/// As C++ writes it, as in "acq_rel".
std::string_view to_text(Order order);

/// A plain access is none of an atomic object: its order is relaxed there.
std::memory_order to_std(Order order);

constexpr bool is_acquire(Order order) {
    return order == Order::acquire || order == Order::acq_rel || order == Order::seq_cst;
}

constexpr bool is_release(Order order) {
    return order == Order::release || order == Order::acq_rel || order == Order::seq_cst;
}

/// What a read-modify-write makes of the value that it finds.
enum class Update : std::uint8_t {
    exchange,
    add,
    subtract,
    bit_and,
    bit_or,
    bit_xor,
    bit_nand,
    compare_exchange,  ///< writes only when it finds `expected`
    take,              ///< subtracts, and only when it finds as much: a semaphore
};

/// One step of a thread that the engine has to know of, as data: it can be added to another graph
/// without running the code that asked for it.
struct Operation {
    enum class Kind : std::uint8_t { load, store, modify, fence, choose, create, begin, join, end };

    Kind kind = Kind::load;
    Order order = Order::relaxed;
    Order failure = Order::relaxed;      ///< of a modify that does not write
    Update update = Update::exchange;    ///< modify
    std::uint8_t bytes = sizeof(Value);  ///< the width of the access
    /// modify: of a lock that readers share, by a reader. It is ordered after the last one of a
    /// writer and all before that, and not after those of other readers [thread.sharedmutex].
    bool is_of_reader = false;
    LocationId location = 0;
    ThreadId child = 0;  ///< create, join: the other thread
    Value value = 0;     ///< store: the new value; modify: the operand; choose: how many options
    Value expected = 0;  ///< compare_exchange

    /// Of each step that is replayed: as few words instead of one member after the other.
    constexpr bool operator==(const Operation& other) const {
        return ((kinds() ^ other.kinds()) | (places() ^ other.places()) | (value ^ other.value) |
                (expected ^ other.expected)) == 0;
    }

 private:
    constexpr std::uint64_t kinds() const {
        return std::uint64_t{static_cast<std::uint8_t>(kind)} |
               std::uint64_t{static_cast<std::uint8_t>(order)} << 8U |
               std::uint64_t{static_cast<std::uint8_t>(failure)} << 16U |
               std::uint64_t{static_cast<std::uint8_t>(update)} << 24U |
               std::uint64_t{bytes} << 32U | std::uint64_t{is_of_reader} << 40U;
    }
    constexpr std::uint64_t places() const { return location | std::uint64_t{child} << 32U; }
};
static_assert(sizeof(Operation) == 32, "another member is to be compared as well");

/// Values of accesses of fewer than eight bytes have their upper bits clear.
constexpr Value truncated(Value value, std::uint8_t bytes) {
    return bytes >= sizeof(Value) ? value : value & ((Value{1} << (8U * bytes)) - 1);
}

/// Whether it is a modify that may find something else than what it looks for, and has an order for
/// that.
constexpr bool can_fail(const Operation& operation) {
    return operation.kind == Operation::Kind::modify &&
           operation.update == Update::compare_exchange;
}

/// Whether a load, or a modify that finds `found`, writes as well.
constexpr bool does_write(const Operation& operation, Value found) {
    if (operation.kind != Operation::Kind::modify) return false;
    switch (operation.update) {
        case Update::compare_exchange:
            return truncated(operation.expected, operation.bytes) == found;
        case Update::take:
            return found >= operation.value;
        default:
            return true;
    }
}

/// The order of the read of a load, or of a modify that finds `found`.
constexpr Order read_order(const Operation& operation, Value found) {
    const bool has_failed =
        operation.kind == Operation::Kind::modify && !does_write(operation, found);
    return has_failed ? operation.failure : operation.order;
}

constexpr Value updated(const Operation& operation, Value found) {
    const auto result = [&]() -> Value {
        switch (operation.update) {
            case Update::add:
                return found + operation.value;
            case Update::subtract:
            case Update::take:
                return found - operation.value;
            case Update::bit_and:
                return found & operation.value;
            case Update::bit_or:
                return found | operation.value;
            case Update::bit_xor:
                return found ^ operation.value;
            case Update::bit_nand:
                return ~(found & operation.value);
            case Update::exchange:
            case Update::compare_exchange:
                return operation.value;
        }
        return operation.value;
    };
    return truncated(result(), operation.bytes);
}

}  // namespace parley::rc11
