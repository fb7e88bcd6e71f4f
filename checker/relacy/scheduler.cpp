#include "parley/checker/relacy/scheduler.hpp"

namespace parley::checker::relacy {

RandomScheduler::RandomScheduler(rl::test_params& params, shared_context_t& shared,
                                 rl::thread_id_t dynamic)
    : Base(params, shared, dynamic), plan_(*SchedulePlan::current) {
    current = this;
}

RandomScheduler::~RandomScheduler() {
    if (plan_.replay) plan_.taken = plan_.replay->taken();
}

rl::thread_id_t RandomScheduler::iteration_begin_impl() {
    plan_.taken.clear();
    source_.seed(plan_.seed, plan_.executions_before + plan_.budget->executions());
    return running_threads[answer(simulated_threads)];
}

SearchScheduler::SearchScheduler(rl::test_params& params, shared_context_t& shared,
                                 rl::thread_id_t dynamic)
    : Base(params, shared, dynamic), plan_(*SchedulePlan::current) {
    current = this;
}

SearchScheduler::~SearchScheduler() {
    if (plan_.replay) {
        plan_.taken = plan_.replay->taken();
        return;
    }
    for (std::size_t i = 0; i < stree_depth_; ++i) {
        plan_.taken.push_back({stree_[i].count_, stree_[i].index_});
    }
}

rl::thread_id_t SearchScheduler::iteration_begin_impl() {
    switches_left_ = plan_.context_bound;
    stree_depth_ = 0;
    return running_threads[rand_impl(simulated_threads, rl::sched_type_sched)];
}

bool SearchScheduler::iteration_end_impl() {
    const bool is_over = !plan_.budget->count_run();
    if (plan_.replay) return true;
    plan_.is_complete = Base::iteration_end_impl();
    return plan_.is_complete || is_over;
}

}  // namespace parley::checker::relacy
