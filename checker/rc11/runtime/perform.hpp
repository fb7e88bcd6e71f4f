#pragma once

#include "parley/checker/rc11/runtime/runtime.hpp"

#include <exception>
#include <string_view>
#include <utility>

namespace parley::rc11 {

template <class Make>
[[gnu::always_inline]] inline Answer Runtime::perform(Make&& make) {
    const ThreadId self = current_;
    if (recording_ != nullptr) record_stack();
    while (true) {
        Answer answer{Answer::Kind::leave};
        try {
            answer = execution_->perform(self, make());
        } catch (...) {
            error_ = std::current_exception();
        }
        if (answer.kind == Answer::Kind::leave) leave_execution();
        if (answer.kind == Answer::Kind::done) {
            accesses_ = 0;
            has_touched_ = false;
            state_->threads[self]->last = answer.event;
            if (recording_ != nullptr) {
                const Operation& operation = graph_->at(answer.event).operation;
                recording_->add_operation(*graph_, self, object_of(operation), called_from, doing_);
            }
            return answer;
        }
        // Other threads have places of their own.
        const void* const place = called_from;
        const std::string_view doing = doing_;
        fibers_[self]->leave();
        is_inside = false;
        called_from = place;
        doing_ = doing;
    }
}

}  // namespace parley::rc11
