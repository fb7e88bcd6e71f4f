#pragma once

#include "parley/specs/model/monitor.hpp"

namespace parley::specs::model {

/// A monitor that is shown events by hand.
template <class M>
class Watched {
 public:
    template <class Message>
    Watched& sent(const Message& message) {
        return show(Sent<Message>{Party::left, message});
    }
    template <class Message>
    Watched& received(const Message& message) {
        return show(Received<Message>{Party::right, message});
    }
    template <class Message>
    Watched& refused(const Message& message) {
        return show(Refused<Message>{Party::left, message});
    }

    bool is_violated() const { return judge_.is_violated(); }
    bool is_hot() const { return monitor_.is_hot(); }

 private:
    template <class Event>
    Watched& show(const Event& event) {
        judge_.ask(M::name);
        monitor_.watch(event, judge_);
        return *this;
    }

    M monitor_{};
    Judge judge_;
};

}  // namespace parley::specs::model
