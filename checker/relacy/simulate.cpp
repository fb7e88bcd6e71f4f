#include "parley/checker/relacy/simulate.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/relacy/budget.hpp"
#include "parley/checker/relacy/exception_state.hpp"
#include "parley/checker/relacy/machine.hpp"
#include "parley/checker/relacy/scheduler.hpp"
#include "parley/checker/relacy/session.hpp"
#include "parley/checker/require.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <optional>
#include <ostream>
#include <string>

namespace parley::checker::relacy {
namespace {

/// What the running simulation runs.
Program* running_program = nullptr;
/// A bug of ours that showed in simulated code: goes on outside.
std::exception_ptr internal_error;
/// While a run lasts.
std::optional<UnderCheck> under_check;

/// Runs a piece of the program; an exception that leaves it is a failure. Relacy is told after the
/// handler, because it does not come back.
template <class Piece>
void run_piece(Piece piece) {
    std::string what;
    try {
        return piece();
    } catch (const InternalError&) {
        internal_error = std::current_exception();
    } catch (const std::exception& error) {
        what = error.what();
    } catch (...) {
        what = "an exception that is not a std::exception";
    }
    fail(FailureClass::exception, std::move(what), {});
}

/// The program as Relacy wants it: made anew for each run.
class Suite {
 public:
    struct params {
        static constexpr rl::thread_id_t thread_count = simulated_threads;
        static constexpr rl::thread_id_t static_thread_count = simulated_threads;
        static constexpr rl::thread_id_t dynamic_thread_count = 0;
    };

    /// Where Relacy keeps its suite: it never frees the room.
    static inline Suite* room = nullptr;

    Suite() { room = this; }

    void before() {
        begin_run();
        run_piece([] { running_program->before(); });
        session.in_threads = true;
    }
    void thread(unsigned index) {
        run_piece([index] { running_program->thread(index); });
    }
    void after() {
        session.in_threads = false;
        run_piece([] { running_program->after(); });
        end_run();
    }
    void invariant() {}

 private:
    static void begin_run() {
        if (session.log != nullptr) session.log->clear();
        session.variables_made = 0;
        session.steps = 0;
        under_check.emplace();
    }
    static void end_run() {
        if (const ObjectHeader* leak = session.heap.first_leak()) {
            fail(FailureClass::memory_leak,
                 "object " + std::to_string(leak->number) + " is still alive at the end", {});
        }
        session.heap.recycle();
        under_check.reset();
    }
};

FailureClass from_relacy(rl::test_result_e result) {
    switch (result) {
        case rl::test_result_success:
            return FailureClass::none;
        case rl::test_result_data_race:
            return FailureClass::data_race;
        case rl::test_result_memory_leak:
            return FailureClass::memory_leak;
        case rl::test_result_double_free:
            return FailureClass::double_free;
        case rl::test_result_access_to_freed_memory:
            return FailureClass::freed_access;
        case rl::test_result_unitialized_access:
            return FailureClass::uninitialised_access;
        case rl::test_result_deadlock:
            return FailureClass::deadlock;
        case rl::test_result_livelock:
            return FailureClass::livelock;
        case rl::test_result_user_assert_failed:
            return FailureClass::assertion;
        default:
            return FailureClass::other;
    }
}

/// Relacy's context, which also tells what it found.
///
/// We differ in how it switches: a thread that goes on does so at once, where Relacy would jump out
/// of the thread and back in.
template <class Scheduler>
class Machine final : public rl::context_impl<Suite, Scheduler> {
    using Base = rl::context_impl<Suite, Scheduler>;

 public:
    Machine(rl::test_params& parameters, typename Scheduler::shared_context_t& shared)
        : Base(parameters, shared), steps_max_(parameters.execution_depth_limit) {}

    void sched() override {
        if (!session.in_threads) return;
        count_step();
        schedule(0);
    }

    void yield(unsigned count, rl::debug_info_param) override {
        if (!session.in_threads) return;
        count_step();
        rl::thread_info_base& thread = *rl::ctx().threadx_;
        thread.last_yield_ = thread.own_acq_rel_order_;
        schedule(count);
    }

    void fail_test(const char* description, rl::test_result_e result,
                   rl::debug_info_param where) override {
        if (session.failure.kind == FailureClass::none) {
            session.failure = {.kind = from_relacy(result),
                               .message = description,
                               .file = {},
                               .line = 0,
                               .thread = current_thread()};
        }
        Base::fail_test(description, result, where);
    }

 private:
    void count_step() {
        if (session.steps++ >= steps_max_) [[unlikely]] {
            fail_test("", rl::test_result_livelock, {});
        }
    }

    void schedule(unsigned yield) {
        rl::unpark_reason reason = rl::unpark_reason_normal;
        const rl::thread_id_t next = Scheduler::current->schedule(reason, yield);
        rl::thread_info_base& thread = *rl::ctx().threadx_;
        if (next == thread.index_) return;
        exceptions_.switch_threads(static_cast<std::size_t>(thread.index_),
                                   static_cast<std::size_t>(next));
        rl::thread_info_base& other = other_thread(thread);
        rl::ctx().threadx_ = &other;
        ::switch_to_fiber(other.fiber_, thread.fiber_);
    }

    /// Relacy keeps its threads in an array that only it can name.
    static rl::thread_info_base& other_thread(rl::thread_info_base& thread) {
        using Info = rl::thread_info<simulated_threads>;
        constexpr std::ptrdiff_t distance = sizeof(rl::aligned<Info>);
        auto* const here = reinterpret_cast<std::byte*>(static_cast<Info*>(&thread));
        return *reinterpret_cast<Info*>(here + (thread.index_ == 0 ? distance : -distance));
    }

    const std::uint32_t steps_max_;
    ExceptionState exceptions_;
};

/// Keeps Relacy from following allocations, should another part of the program have brought in its
/// `operator new`: what a run allocates may outlive it.
class PlainHeap : public rl::context {
 public:
    static void use() { rl::ctx().*(&PlainHeap::disable_alloc_) += 1; }
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

template <class Scheduler>
void run_machine(const SimulationOptions& options) {
    std::ostream nowhere(nullptr);
    rl::test_params parameters = make_parameters(options, nowhere);
    typename Scheduler::shared_context_t shared;
    rewind_fiber_stacks();
    Machine<Scheduler> machine(parameters, shared);
    PlainHeap::use();
    Guard guard;
    const GuardedEnd end = guard.run([&machine] { machine.simulate2(false); });
    if (end == GuardedEnd::returned) return;
    session.failure = {.kind = FailureClass::crash,
                       .message = std::string{guard.signal_name()},
                       .file = {},
                       .line = 0,
                       .thread = current_thread()};
}

void run(const SimulationOptions& options, Program& program) {
    require(!rl::is_ctx(), "one simulation at a time");
    running_program = &program;
    session.log = options.log;
    session.failure = {};
    if (options.scheduler == SchedulerKind::random) {
        run_machine<RandomScheduler>(options);
    } else {
        run_machine<SearchScheduler>(options);
    }
    under_check.reset();
    session.in_threads = false;
    session.log = nullptr;
    session.heap.forget();
    std::free(std::exchange(Suite::room, nullptr));
    if (internal_error) std::rethrow_exception(std::exchange(internal_error, nullptr));
}

SimulationResult run(const SimulationOptions& options, Program& program, Budget& budget,
                     SchedulePlan& plan) {
    plan.budget = &budget;
    plan.seed = options.seed;
    plan.context_bound = options.scheduler == SchedulerKind::context_bound
                             ? options.context_bound
                             : SearchScheduler::unbounded;
    SchedulePlan::current = &plan;
    run(options, program);

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

unsigned choose(unsigned count) {
    return count <= 1 ? 0 : rl::ctx().rand(count, rl::sched_type_user);
}

}  // namespace parley::checker::relacy
