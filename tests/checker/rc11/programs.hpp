#pragma once

#include "parley/checker/rc11/litmus_test.hpp"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

/// Litmus tests written in C++: threads are lists of instructions, registers and locations numbers.
namespace parley::tests {

using rc11::Expression;
using rc11::Instruction;
using rc11::LitmusTest;
using rc11::LitmusThread;
using rc11::LocationId;
using rc11::Operation;
using rc11::Order;
using rc11::ThreadId;
using rc11::Update;

inline constexpr Order plain = Order::plain;
inline constexpr Order relaxed = Order::relaxed;
inline constexpr Order acquire = Order::acquire;
inline constexpr Order release = Order::release;
inline constexpr Order acq_rel = Order::acq_rel;
inline constexpr Order seq_cst = Order::seq_cst;

inline constexpr LocationId x = 0;
inline constexpr LocationId y = 1;
inline constexpr LocationId z = 2;

inline Expression constant(std::int64_t value) {
    return {Expression::Kind::constant, value, 0, 0, {}};
}
inline Expression reg(std::size_t index) {
    return {Expression::Kind::local, 0, 0, index, {}};
}
inline Expression apply(Expression::Kind kind, Expression a, Expression b) {
    return {kind, 0, 0, 0, {std::move(a), std::move(b)}};
}

inline Instruction operation(const Operation& operation, Expression value = {}) {
    return {.operation = operation, .value = std::move(value)};
}
inline Instruction load(std::size_t destination, LocationId location, Order order) {
    Instruction result =
        operation({.kind = Operation::Kind::load, .order = order, .location = location});
    result.destination = destination;
    return result;
}
inline Instruction store(LocationId location, Expression value, Order order) {
    return operation({.kind = Operation::Kind::store, .order = order, .location = location},
                     std::move(value));
}
inline Instruction store(LocationId location, std::int64_t value, Order order) {
    return store(location, constant(value), order);
}
inline Instruction modify(std::size_t destination, LocationId location, Update update,
                          std::int64_t value, Order order) {
    Instruction result = operation(
        {.kind = Operation::Kind::modify, .order = order, .update = update, .location = location},
        constant(value));
    result.destination = destination;
    return result;
}
inline Instruction add(std::size_t destination, LocationId location, Order order) {
    return modify(destination, location, Update::add, 1, order);
}
/// Expects what register `expected` holds, and leaves there what it found when that differs.
inline Instruction compare_exchange(std::size_t destination, LocationId location,
                                    std::size_t expected, std::int64_t value, Order order,
                                    Order failure) {
    Instruction result = modify(destination, location, Update::compare_exchange, value, order);
    result.operation.failure = failure;
    result.expected_destination = expected;
    return result;
}
inline Instruction weak_compare_exchange(std::size_t destination, LocationId location,
                                         std::size_t expected, std::int64_t value, Order order,
                                         Order failure) {
    Instruction result = compare_exchange(destination, location, expected, value, order, failure);
    result.is_weak = true;
    return result;
}
inline Instruction fence(Order order) {
    return operation({.kind = Operation::Kind::fence, .order = order});
}
inline Instruction choose(std::size_t destination, std::int64_t count) {
    Instruction result = operation({.kind = Operation::Kind::choose}, constant(count));
    result.destination = destination;
    return result;
}
inline Instruction create(ThreadId child) {
    return operation({.kind = Operation::Kind::create, .child = child});
}
inline Instruction join(ThreadId child) {
    return operation({.kind = Operation::Kind::join, .child = child});
}
inline Instruction set(std::size_t destination, Expression value) {
    return {.kind = Instruction::Kind::set, .destination = destination, .value = std::move(value)};
}
inline Instruction assume(Expression condition) {
    return {.kind = Instruction::Kind::assume, .value = std::move(condition)};
}
inline Instruction assert_that(Expression condition) {
    return {.kind = Instruction::Kind::assertion, .value = std::move(condition)};
}
/// Goes on at instruction `target` of the thread unless the condition holds.
inline Instruction branch_unless(Expression condition, std::size_t target) {
    return {
        .kind = Instruction::Kind::branch_unless, .value = std::move(condition), .target = target};
}
inline Instruction jump(std::size_t target) {
    return {.kind = Instruction::Kind::jump, .target = target};
}

inline constexpr std::size_t registers = 12;

using Code = std::vector<Instruction>;

/// Locations are "x", "y", "z", "l3", ..., all zero at the beginning; each thread has 12 registers.
inline LitmusTest program(const std::vector<Code>& threads, std::size_t locations = 3) {
    LitmusTest test{.name = "program"};
    for (std::size_t i = 0; i < locations; ++i) {
        test.locations.push_back(i < 3 ? std::string(1, "xyz"[i]) : "l" + std::to_string(i));
    }
    test.initial_values.assign(locations, 0);
    for (const Code& code : threads) {
        LitmusThread thread{.instructions = code, .reported = registers};
        for (std::size_t i = 0; i < registers; ++i) {
            thread.registers.push_back("r" + std::to_string(i));
        }
        for (const Instruction& each : code) {
            if (each.operation.kind == Operation::Kind::create) test.creates_threads = true;
        }
        test.threads.push_back(std::move(thread));
    }
    return test;
}

}  // namespace parley::tests
