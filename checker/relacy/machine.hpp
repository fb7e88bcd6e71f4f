#pragma once

#include "parley/checker/relacy/context.hpp"
#include "parley/checker/relacy/exception_state.hpp"
#include "parley/checker/relacy/scheduler.hpp"
#include "parley/checker/relacy/session.hpp"
#include "parley/checker/relacy/suite.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::checker::relacy {

/// Keeps Relacy from following allocations, should another part of the program have brought in its
/// `operator new`: what a run allocates may outlive it.
class PlainHeap : public rl::context {
 public:
    static void use() { rl::ctx().*(&PlainHeap::disable_alloc_) += 1; }
};

/// Relacy's context, which also tells what it found.
///
/// We differ in how it switches: a thread that goes on does so at once, where Relacy would jump out
/// of the thread and back in.
template <class Scheduler>
class Machine final : public rl::context_impl<Suite, Scheduler> {
    using Base = rl::context_impl<Suite, Scheduler>;

 public:
    Machine(rl::test_params& parameters, typename Scheduler::shared_context_t& shared,
            std::uint32_t idle_steps_max)
        : Base(parameters, shared),
          steps_max_(parameters.execution_depth_limit),
          idle_steps_max_(idle_steps_max) {
        PlainHeap::use();
    }

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
        guard_state::steps = guard_state::steps + 1;
        if (++session.steps <= steps_max_ && ++session.idle_steps <= idle_steps_max_) [[likely]]
            return;
        const bool is_idle = session.steps <= steps_max_;
        fail(FailureClass::livelock,
             is_idle ? "nothing happened in " + std::to_string(idle_steps_max_) + " steps"
                     : "the run took more than " + std::to_string(steps_max_) + " steps",
             {});
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

    std::uint64_t steps_max_;
    std::uint64_t idle_steps_max_;
    ExceptionState exceptions_;
};

}  // namespace parley::checker::relacy
