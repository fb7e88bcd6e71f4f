#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/litmus_test.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::rc11 {

/// The value of an expression: of a register through `read(expression)`, and of a location's final
/// value as well. Whole numbers of 64 bits that wrap around; none: divided by zero.
std::optional<std::int64_t> evaluate(const Expression& expression, auto&& read) {
    using Operator = Expression::Kind;
    if (expression.kind == Operator::constant) return expression.value;
    if (expression.kind == Operator::local || expression.kind == Operator::memory) {
        return read(expression);
    }
    const auto first = evaluate(expression.arguments.front(), read);
    const auto second = evaluate(expression.arguments.back(), read);
    if (!first || !second) return std::nullopt;
    const std::int64_t a = *first;
    const std::int64_t b = *second;
    const auto wrapped = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    const auto ua = static_cast<std::uint64_t>(a);
    const auto ub = static_cast<std::uint64_t>(b);
    switch (expression.kind) {
        case Operator::logical_not:
            return a == 0 ? 1 : 0;
        case Operator::logical_and:
            return a != 0 && b != 0 ? 1 : 0;
        case Operator::logical_or:
            return a != 0 || b != 0 ? 1 : 0;
        case Operator::add:
            return wrapped(ua + ub);
        case Operator::subtract:
            return wrapped(ua - ub);
        case Operator::multiply:
            return wrapped(ua * ub);
        case Operator::divide:
            if (b == 0) return std::nullopt;
            return b == -1 ? wrapped(0 - ua) : a / b;
        case Operator::bit_xor:
            return wrapped(ua ^ ub);
        case Operator::equal:
            return a == b ? 1 : 0;
        case Operator::not_equal:
            return a != b ? 1 : 0;
        case Operator::less:
            return a < b ? 1 : 0;
        case Operator::less_equal:
            return a <= b ? 1 : 0;
        case Operator::greater:
            return a > b ? 1 : 0;
        case Operator::greater_equal:
            return a >= b ? 1 : 0;
        case Operator::constant:
        case Operator::local:
        case Operator::memory:
            break;
    }
    return std::nullopt;
}

/// Interprets a litmus test for the engine.
///
/// Plain accesses are events of the graph here, so that a program with races has all its
/// executions: each plain read then has a branch for each write that it could read.
class LitmusProgram final : public Program {
 public:
    /// A thread that takes more steps than `steps_max` in one execution is refused: InputError.
    explicit LitmusProgram(const LitmusTest& test, std::size_t steps_max = 100'000)
        : test_(test), steps_max_(steps_max) {}

    std::size_t initial_threads() const override {
        return test_.creates_threads ? 1 : test_.threads.size();
    }
    void prepare(Graph& graph) override;
    void run(Execution& execution) override;
    bool save(std::size_t slot) override;
    void resume(Execution& execution, std::size_t slot) override;

    /// Operator the execution that was run last.
    Outcome outcome(const Graph& graph) const;
    bool condition_holds(const Graph& graph) const;

 private:
    struct Thread {
        bool has_begun = false;
        std::size_t next = 0;                   ///< instruction
        std::optional<bool> fails_weakly = {};  ///< it; none: that is not chosen yet
        bool is_blocked = false;
        std::size_t steps = 0;
        std::vector<std::int64_t> registers;
    };

    void run_threads(Execution& execution);
    /// Runs a thread until the engine says that it must wait; false: the execution is over.
    bool run_thread(Execution& execution, ThreadId thread);
    /// Runs a thread to its next operation; none: it is blocked.
    std::optional<Operation> next_operation(Execution& execution, ThreadId thread);
    std::optional<std::int64_t> value_of(const Expression& expression, const Thread& thread) const;
    Operation operation_of(const Instruction& instruction, std::int64_t value,
                           const Thread& thread) const;
    void take(ThreadId thread, const Operation& operation, Value value);

    const LitmusTest& test_;
    std::size_t steps_max_;
    std::vector<Thread> threads_;
    std::vector<std::vector<Thread>> saved_;
};

}  // namespace parley::rc11
