#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/relacy/budget.hpp"
#include "parley/checker/relacy/random_source.hpp"
#include "parley/checker/relacy/relacy.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

/// Relacy's schedulers, so that a run is exactly its list of choices: which thread runs, how far
/// back a load reads and what the test itself asks are all answered here and kept.
namespace parley::checker::relacy {

/// What a scheduler is told before a simulation, and what it tells about a run. Relacy makes its
/// scheduler itself and hands it nothing of ours, hence the static pointer.
struct SchedulePlan {
    Budget* budget = nullptr;
    std::uint64_t seed = 0;
    std::uint64_t executions_before = 0;  ///< see SimulationOptions
    std::uint32_t context_bound = 0;
    std::optional<ReplayChooser> replay;
    bool is_complete = false;
    Choices taken;  ///< the last run, once the scheduler is gone

    static inline SchedulePlan* current = nullptr;
};

inline constexpr rl::thread_id_t simulated_threads = 2;

/// Relacy's random scheduler: each choice is drawn with equal odds.
///
/// We differ in the generator: Relacy's, seeded with the number of the run, has no seed of its own.
class RandomScheduler
    : public rl::scheduler<RandomScheduler, rl::scheduler_thread_info, simulated_threads> {
    using Base = rl::scheduler<RandomScheduler, rl::scheduler_thread_info, simulated_threads>;

 public:
    struct task_t {};  // NOLINT(readability-identifier-naming): Relacy names it
    static inline RandomScheduler* current = nullptr;

    RandomScheduler(rl::test_params& params, shared_context_t& shared, rl::thread_id_t dynamic);
    ~RandomScheduler();

    rl::thread_id_t iteration_begin_impl();
    bool iteration_end_impl() { return !plan_.budget->count_run(); }

    rl::thread_id_t schedule_impl(rl::unpark_reason& reason, unsigned yield) {
        reason = rl::unpark_reason_normal;
        if (running_threads_count == 1) return running_threads[0];
        const rl::thread_id_t running = thread_->index_;
        const bool goes_on = (answer(simulated_threads) == 0) != (yield != 0);
        return goes_on ? running : 1 - running;
    }

    unsigned rand_impl(unsigned limit, rl::sched_type) { return limit <= 1 ? 0 : answer(limit); }

    rl::iteration_t iteration_count_impl() { return iter_ + 1; }
    void on_thread_block(rl::thread_id_t, bool) {}

 private:
    unsigned answer(unsigned count) {
        if (plan_.replay) [[unlikely]]
            return plan_.replay->choose(count);
        const unsigned index = source_.draw(count);
        plan_.taken.push_back({count, index});
        return index;
    }

    SchedulePlan& plan_;
    RandomSource source_;
};

/// Relacy's full search and its search with a bound on context switches, which follows M. Musuvathi
/// and S. Qadeer, Iterative context bounding for systematic testing of multithreaded programs,
/// PLDI 2007. A full search is one without a bound.
class SearchScheduler
    : public rl::tree_search_scheduler<SearchScheduler,
                                       rl::tree_search_scheduler_thread_info<simulated_threads>,
                                       simulated_threads> {
    using Base = rl::tree_search_scheduler<SearchScheduler,
                                           rl::tree_search_scheduler_thread_info<simulated_threads>,
                                           simulated_threads>;

 public:
    static inline SearchScheduler* current = nullptr;
    static constexpr std::uint32_t unbounded = std::numeric_limits<std::uint32_t>::max();

    SearchScheduler(rl::test_params& params, shared_context_t& shared, rl::thread_id_t dynamic);
    ~SearchScheduler();

    rl::thread_id_t iteration_begin_impl();
    bool iteration_end_impl();

    rl::thread_id_t schedule_impl(rl::unpark_reason& reason, unsigned yield) {
        put_current_thread_first();
        return Base::schedule_impl(reason, yield);
    }

    unsigned rand_impl(unsigned limit, rl::sched_type type) {
        if (limit <= 1) return 0;
        if (plan_.replay) [[unlikely]]
            return plan_.replay->choose(limit);
        return Base::rand_impl(limit, type);
    }

    bool can_switch(thread_info_t&) const { return switches_left_ != 0; }
    void on_switch(thread_info_t& thread) {
        if (thread.state_ == rl::thread_state_running) --switches_left_;
    }
    double iteration_count_approx() const { return 1; }

 private:
    void put_current_thread_first() {
        if (running_threads_count == simulated_threads && running_threads[0] != thread_->index_) {
            std::swap(running_threads[0], running_threads[1]);
        }
    }

    SchedulePlan& plan_;
    std::uint32_t switches_left_ = 0;
};

}  // namespace parley::checker::relacy
