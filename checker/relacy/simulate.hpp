#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/memory_log.hpp"
#include "parley/checker/relacy/failure.hpp"

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

namespace parley::checker::relacy {

enum class SchedulerKind : std::uint8_t {
    random,         ///< every choice drawn from the seed
    context_bound,  ///< all runs with at most so many switches away from a thread that could go on
    full,           ///< all runs
};

struct SimulationOptions {
    SchedulerKind scheduler = SchedulerKind::random;
    std::uint32_t context_bound = 2;
    std::uint64_t seed = 1;               ///< random only
    std::uint64_t executions_before = 0;  ///< random only: runs of this seed that were had before
    std::uint64_t executions_max = std::numeric_limits<std::uint64_t>::max();
    double seconds_max = std::numeric_limits<double>::infinity();
    std::uint32_t idle_steps_max = 2000;   ///< between two note_progress(); more is a livelock
    std::uint32_t steps_max = 10'000'000;  ///< of one run; more is a livelock as well
    const std::atomic<bool>* stop = nullptr;
    /// Called about ten times a second, outside of any run.
    std::function<void(std::uint64_t executions)> progress = nullptr;
    MemoryLog* log = nullptr;  ///< gets the accesses of the last run
};

struct SimulationResult {
    std::uint64_t executions = 0;  ///< the failing one included
    bool is_complete = false;      ///< a search has seen all its runs
    Failure failure;               ///< of kind `none`: no run failed
    Choices choices;               ///< the failing run
    double seconds = 0;

    bool has_failed() const { return failure.kind != FailureClass::none; }
};

/// A test of two threads that a simulation runs again and again. What it needs it makes in
/// before(), what it made it ends in after(); only thread() is interleaved.
class Program {
 public:
    virtual ~Program() = default;
    virtual void before() = 0;
    virtual void thread(unsigned index) = 0;  ///< index 0 or 1
    virtual void after() = 0;
};

/// Runs `program` under a scheduler until a run fails, the search has seen everything or the budget
/// is spent. Not reentrant: one simulation at a time, on one thread. The simulated threads are
/// not threads of the system: they share its thread_local variables. Throws LimitReached when
/// simulated code does.
///
/// In the result's choices index 0 always stands for the plain answer: the running thread goes on
/// (after a pause: the other one does), a load reads the newest store, option 0 of choose().
SimulationResult simulate(const SimulationOptions& options, Program& program);

/// The one run with these choices, under the rules of the scheduler that found it. An index that is
/// too large wraps around, and where the list is too short index 0 is taken; the result's choices
/// are those that were in fact taken, whether or not the run failed.
SimulationResult replay(const SimulationOptions& options, Program& program, const Choices& choices);

/// For simulated code: something has happened that waiting does not bring about.
void note_progress();

/// For simulated code: an index below `count`, resolved by the scheduler.
unsigned choose(unsigned count);

/// A Program whose state is a fresh `Test` for each run, as returned by `make`. `Test` has
/// thread(index) and, if it likes, before() and after().
template <class Make>
class ProgramOf final : public Program {
 public:
    using Test = std::invoke_result_t<Make&>;

    explicit ProgramOf(Make make) : make_(std::move(make)) {}

    void before() override {
        ::new (static_cast<void*>(room_)) Test(make_());
        if constexpr (requires(Test& test) { test.before(); }) test().before();
    }
    void thread(unsigned index) override { test().thread(index); }
    void after() override {
        if constexpr (requires(Test& test) { test.after(); }) test().after();
        test().~Test();
    }

 private:
    Test& test() { return *std::launder(reinterpret_cast<Test*>(room_)); }

    Make make_;
    alignas(Test) std::byte room_[sizeof(Test)];
};

template <class Make>
SimulationResult simulate(const SimulationOptions& options, Make make)
    requires(!std::derived_from<Make, Program>)
{
    ProgramOf<Make> program(std::move(make));
    return simulate(options, static_cast<Program&>(program));
}

template <class Make>
SimulationResult replay(const SimulationOptions& options, Make make, const Choices& choices)
    requires(!std::derived_from<Make, Program>)
{
    ProgramOf<Make> program(std::move(make));
    return replay(options, static_cast<Program&>(program), choices);
}

}  // namespace parley::checker::relacy
