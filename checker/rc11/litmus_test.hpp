#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley::rc11 {

/// A term over registers, or over the final state of a litmus test.
struct Expression {
    enum class Kind : std::uint8_t {
        constant,
        local,   ///< number `index` of thread `thread`
        memory,  ///< the final value of location `index`
        logical_not,
        logical_and,
        logical_or,
        add,
        subtract,
        multiply,
        divide,
        bit_xor,
        equal,
        not_equal,
        less,
        less_equal,
        greater,
        greater_equal,
    };
    Kind kind = Kind::constant;
    std::int64_t value = 0;
    std::size_t thread = 0;
    std::size_t index = 0;
    std::vector<Expression> arguments = {};
};

/// One step of a thread of a litmus test.
struct Instruction {
    enum class Kind : std::uint8_t {
        operation,      ///< one that the engine has to know of
        set,            ///< a register to a value
        branch_unless,  ///< to `target`, unless the value is true
        jump,           ///< to `target`
        assume,
        assertion,
        halt,
    };
    Kind kind = Kind::operation;
    Operation operation = {};
    bool is_weak = false;  ///< a compare_exchange that may fail with the value that it expects
    std::optional<std::size_t> destination = {};  ///< register
    std::optional<std::size_t> expected_destination =
        {};                 ///< of a compare_exchange: expected value
    Expression value = {};  ///< operand, or condition
    std::size_t target = 0;
};

/// A thread as instructions with jumps.
struct LitmusThread {
    std::vector<Instruction> instructions = {};
    std::vector<std::string> registers = {};  ///< names
    std::size_t reported = 0;                 ///< how many of them, from the first, outcomes show
};

/// What the registers and locations of a litmus test hold at the end: "0:r1" is register r1 of
/// thread 0, "x" is location x.
using Outcome = std::map<std::string, std::int64_t>;

/// What is known of a litmus test from elsewhere.
struct LitmusExpectation {
    std::uint64_t executions = 0;  ///< complete ones
    std::optional<bool> has_race = {};
    std::optional<bool> is_reachable = {};                          ///< the final condition
    std::optional<std::map<Outcome, std::uint64_t>> outcomes = {};  ///< and in how many executions
};

/// A small program over named locations, as data. Threads start together, unless one of them
/// creates another: then only thread 0 is there from the start.
struct LitmusTest {
    std::string name = {};
    std::vector<std::string> locations = {};
    std::vector<std::int64_t> initial_values = {};
    std::vector<LitmusThread> threads = {};
    bool creates_threads = false;
    std::optional<Expression> condition = {};  ///< on the final state
    LitmusExpectation expected = {};
};

}  // namespace parley::rc11
