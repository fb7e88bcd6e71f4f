#include "parley/checker/relacy/simulate.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/relacy/budget.hpp"
#include "parley/checker/relacy/machine.hpp"
#include "parley/checker/relacy/scheduler.hpp"
#include "parley/checker/relacy/session.hpp"
#include "parley/checker/relacy/suite.hpp"
#include "parley/checker/require.hpp"

#include <cstdlib>
#include <exception>
#include <ostream>
#include <string>
#include <utility>

namespace parley::checker::relacy {
namespace {

/// Makes the session ready for a simulation and clears up after it, however it ends.
class SessionScope {
 public:
    SessionScope(MemoryLog* log, Program& program, SchedulePlan& plan) {
        require(!rl::is_ctx(), "one simulation at a time");
        Suite::program = &program;
        SchedulePlan::current = &plan;
        session.log = log;
        session.failure = {};
        session.not_its_fault = nullptr;
        rewind_fiber_stacks();
    }
    ~SessionScope() {
        session.under_check.reset();
        session.in_threads = false;
        session.log = nullptr;
        session.heap.forget();
        std::free(std::exchange(Suite::room, nullptr));
    }
    SessionScope(const SessionScope&) = delete;
    SessionScope& operator=(const SessionScope&) = delete;
};

rl::test_params make_parameters(const SimulationOptions& options, std::ostream& nowhere) {
    rl::test_params parameters;
    parameters.output_stream = &nowhere;
    parameters.progress_stream = &nowhere;
    parameters.execution_depth_limit = options.steps_max;
    switch (options.scheduler) {
        case SchedulerKind::random:
            parameters.search_type = rl::sched_random;
            break;
        case SchedulerKind::context_bound:
            parameters.search_type = rl::sched_bound;
            break;
        case SchedulerKind::full:
            parameters.search_type = rl::sched_full;
            break;
    }
    return parameters;
}

/// Runs until something ends it; what went wrong is in the session's failure.
template <class Scheduler>
void run(const SimulationOptions& options) {
    std::ostream nowhere(nullptr);
    rl::test_params parameters = make_parameters(options, nowhere);
    typename Scheduler::shared_context_t shared;
    Machine<Scheduler> machine(parameters, shared, options.idle_steps_max);
    Guard guard;
    const GuardedEnd end = guard.run([&machine] { machine.simulate2(false); });
    if (end == GuardedEnd::returned) return;
    session.failure = {.kind = end == GuardedEnd::hung ? FailureClass::hang : FailureClass::crash,
                       .message = std::string{guard.signal_name()},
                       .file = {},
                       .line = 0,
                       .thread = current_thread()};
}

SimulationResult run(const SimulationOptions& options, Program& program, Budget& budget,
                     SchedulePlan& plan) {
    plan.budget = &budget;
    plan.seed = options.seed;
    plan.executions_before = options.executions_before;
    plan.context_bound = options.scheduler == SchedulerKind::context_bound
                             ? options.context_bound
                             : SearchScheduler::unbounded;
    const SessionScope scope(options.log, program, plan);
    if (options.scheduler == SchedulerKind::random) {
        run<RandomScheduler>(options);
    } else {
        run<SearchScheduler>(options);
    }
    if (session.not_its_fault) std::rethrow_exception(session.not_its_fault);

    SimulationResult result;
    result.failure = std::move(session.failure);
    result.executions = budget.executions() + (result.has_failed() ? 1 : 0);
    result.is_complete = plan.is_complete;
    if (result.has_failed() || plan.replay) result.choices = std::move(plan.taken);
    result.seconds = budget.seconds();
    return result;
}

}  // namespace

SimulationResult simulate(const SimulationOptions& options, Program& program) {
    if (options.executions_max == 0) return {};
    Budget budget(options.executions_max, options.seconds_max, options.stop, options.progress);
    SchedulePlan plan;
    return run(options, program, budget, plan);
}

SimulationResult replay(const SimulationOptions& options, Program& program,
                        const Choices& choices) {
    const std::function<void(std::uint64_t)> no_progress;
    Budget budget(1, std::numeric_limits<double>::infinity(), nullptr, no_progress);
    SchedulePlan plan;
    plan.replay.emplace(choices);
    return run(options, program, budget, plan);
}

void note_progress() {
    session.idle_steps = 0;
}

unsigned choose(unsigned count) {
    return count <= 1 ? 0 : rl::ctx().rand(count, rl::sched_type_user);
}

}  // namespace parley::checker::relacy
