#include "parley/checker/rc11/litmus_program.hpp"

#include "parley/checker/report.hpp"

#include <fmt/format.h>

namespace parley::rc11 {

void LitmusProgram::prepare(Graph& graph) {
    for (std::size_t i = 0; i < test_.locations.size(); ++i) {
        graph.set_initial_value(static_cast<LocationId>(i),
                                static_cast<Value>(test_.initial_values[i]));
    }
}

void LitmusProgram::run(Execution& execution) {
    threads_.resize(test_.threads.size());
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        threads_[i].has_begun = false;
        threads_[i].next = 0;
        threads_[i].fails_weakly.reset();
        threads_[i].is_blocked = false;
        threads_[i].steps = 0;
        threads_[i].registers.assign(test_.threads[i].registers.size(), 0);
    }
    run_threads(execution);
}

bool LitmusProgram::save(std::size_t slot) {
    if (slot >= saved_.size()) saved_.resize(slot + 1);
    saved_[slot] = threads_;
    return true;
}

void LitmusProgram::resume(Execution& execution, std::size_t slot) {
    threads_ = saved_[slot];
    run_threads(execution);
}

void LitmusProgram::run_threads(Execution& execution) {
    while (const auto thread = execution.next_thread()) {
        if (!run_thread(execution, *thread)) return;
    }
}

bool LitmusProgram::run_thread(Execution& execution, ThreadId thread) {
    while (const auto operation = next_operation(execution, thread)) {
        const Answer answer = execution.perform(thread, *operation);
        if (answer.kind == Answer::Kind::leave) return false;
        if (answer.kind == Answer::Kind::wait) return true;
        take(thread, *operation, answer.value);
        if (operation->kind == Operation::Kind::end) return true;
    }
    return true;
}

std::optional<Operation> LitmusProgram::next_operation(Execution& execution, ThreadId id) {
    Thread& thread = threads_[id];
    if (!thread.has_begun) return Operation{.kind = Operation::Kind::begin};
    if (thread.is_blocked) {
        execution.block(id, Wait::on_last_read);
        return std::nullopt;
    }
    const std::vector<Instruction>& code = test_.threads[id].instructions;
    while (thread.next < code.size()) {
        const Instruction& instruction = code[thread.next];
        if (++thread.steps > steps_max_) {
            throw checker::InputError(
                fmt::format("{}: thread {} takes more than {} steps", test_.name, id, steps_max_));
        }
        const auto value = value_of(instruction.value, thread);
        if (!value) {
            execution.fail(id, "division by zero");
            execution.block(id, Wait::for_good);
            return std::nullopt;
        }
        switch (instruction.kind) {
            case Instruction::Kind::operation:
                return operation_of(instruction, *value, thread);
            case Instruction::Kind::set:
                thread.registers[*instruction.destination] = *value;
                break;
            case Instruction::Kind::assertion:
                if (*value == 0) execution.fail(id, "assertion");
                break;
            case Instruction::Kind::assume:
                if (*value != 0) break;
                execution.block(id, Wait::on_last_read);
                return std::nullopt;
            case Instruction::Kind::branch_unless:
            case Instruction::Kind::jump:
            case Instruction::Kind::halt:
                break;
        }
        const bool jumps = instruction.kind == Instruction::Kind::jump ||
                           (instruction.kind == Instruction::Kind::branch_unless && *value == 0);
        thread.next = instruction.kind == Instruction::Kind::halt ? code.size()
                      : jumps                                     ? instruction.target
                                                                  : thread.next + 1;
    }
    return Operation{.kind = Operation::Kind::end};
}

std::optional<std::int64_t> LitmusProgram::value_of(const Expression& expression,
                                                    const Thread& thread) const {
    return evaluate(expression,
                    [&](const Expression& term) { return thread.registers[term.index]; });
}

Operation LitmusProgram::operation_of(const Instruction& instruction, std::int64_t value,
                                      const Thread& thread) const {
    if (instruction.is_weak && !thread.fails_weakly) {
        return {.kind = Operation::Kind::choose, .value = 2};
    }
    Operation operation = instruction.operation;
    operation.value = static_cast<Value>(value);
    if (instruction.expected_destination) {
        operation.expected =
            static_cast<Value>(thread.registers[*instruction.expected_destination]);
    }
    if (thread.fails_weakly.value_or(false)) {
        operation.kind = Operation::Kind::load;
        operation.order = operation.failure;
    }
    return operation;
}

void LitmusProgram::take(ThreadId id, const Operation& operation, Value value) {
    Thread& thread = threads_[id];
    if (operation.kind == Operation::Kind::begin) {
        thread.has_begun = true;
        return;
    }
    if (operation.kind == Operation::Kind::end) return;
    const Instruction& instruction = test_.threads[id].instructions[thread.next];
    if (instruction.is_weak && operation.kind == Operation::Kind::choose) {
        thread.fails_weakly = value != 0;
        return;
    }
    // With another value it fails for that reason, which is another execution's.
    thread.is_blocked = thread.fails_weakly.value_or(false) && value != operation.expected;
    thread.fails_weakly.reset();
    ++thread.next;
    auto result = static_cast<std::int64_t>(value);
    if (instruction.expected_destination) {
        const bool has_written = does_write(operation, value);
        if (!has_written) thread.registers[*instruction.expected_destination] = result;
        result = has_written ? 1 : 0;
    }
    if (instruction.destination) thread.registers[*instruction.destination] = result;
}

Outcome LitmusProgram::outcome(const Graph& graph) const {
    Outcome outcome;
    for (std::size_t i = 0; i < test_.locations.size(); ++i) {
        outcome[test_.locations[i]] =
            static_cast<std::int64_t>(graph.final_value(static_cast<LocationId>(i)));
    }
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        const LitmusThread& thread = test_.threads[i];
        for (std::size_t k = 0; k < thread.reported; ++k) {
            outcome[fmt::format("{}:{}", i, thread.registers[k])] = threads_[i].registers[k];
        }
    }
    return outcome;
}

bool LitmusProgram::condition_holds(const Graph& graph) const {
    if (!test_.condition) return false;
    const auto value = evaluate(*test_.condition, [&](const Expression& term) {
        if (term.kind == Expression::Kind::local) {
            return threads_[term.thread].registers[term.index];
        }
        return static_cast<std::int64_t>(graph.final_value(static_cast<LocationId>(term.index)));
    });
    return value.value_or(0) != 0;
}

}  // namespace parley::rc11
