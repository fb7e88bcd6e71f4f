#pragma once

#include "parley/protocols/model/role.hpp"

#include <concepts>
#include <string_view>
#include <tuple>

namespace parley::specs::model {

using parley::model::Party;

/// A message has been put into its sender's outgoing queue.
template <class Message>
struct Sent {
    Party by;
    const Message& message;
};

/// A message is about to be handled by its receiver.
template <class Message>
struct Received {
    Party by;
    const Message& message;
};

/// The queue was full: the message has not been sent and nothing has happened.
template <class Message>
struct Refused {
    Party by;
    const Message& message;
};

/// Takes down the first sentence that did not hold, and whose it was.
class Judge {
 public:
    /// Says whose sentences follow.
    void ask(std::string_view property) { property_ = property; }

    /// `sentence` must hold; the first that does not is kept. Texts must outlive the judge.
    void require(bool holds, std::string_view sentence) {
        if (holds || is_violated_) return;
        is_violated_ = true;
        violated_property_ = property_;
        violated_sentence_ = sentence;
    }

    /// As require(), for a property that speaks only once.
    void require(bool holds, std::string_view property, std::string_view sentence) {
        ask(property);
        require(holds, sentence);
    }

    bool is_violated() const { return is_violated_; }
    std::string_view property() const { return violated_property_; }
    std::string_view sentence() const { return violated_sentence_; }

 private:
    std::string_view property_;
    std::string_view violated_property_;
    std::string_view violated_sentence_;
    bool is_violated_ = false;
};

/// A property watched event by event: a plain aggregate with a name and a
/// `watch(const Sent<M>&, Judge&)`, `watch(const Received<M>&, Judge&)` or
/// `watch(const Refused<M>&, Judge&)` for each event that it cares about. It is *violated* when
/// it fails a `judge.require`, and *hot* (`is_hot()`, with `owes` saying what) while something is
/// still owed: that must not last to the end of a run.
template <class M>
concept Monitor = requires {
    { M::name } -> std::convertible_to<std::string_view>;
};

template <class M>
concept CanBeHot = Monitor<M> && requires(const M& monitor) {
    { monitor.is_hot() } -> std::same_as<bool>;
    { M::owes } -> std::convertible_to<std::string_view>;
};

/// Shows `event` to each monitor that has a `watch` for it.
template <class... Monitors, class Event>
void watch_all(std::tuple<Monitors...>& monitors, const Event& event, Judge& judge) {
    const auto show = [&](auto& monitor) {
        if constexpr (requires { monitor.watch(event, judge); }) {
            judge.ask(monitor.name);
            monitor.watch(event, judge);
        }
    };
    std::apply([&](auto&... each) { (show(each), ...); }, monitors);
}

/// Asks each monitor whether it is still hot now that the run has ended.
template <class... Monitors>
void judge_end(const std::tuple<Monitors...>& monitors, Judge& judge) {
    const auto ask = [&]<class M>(const M& monitor) {
        if constexpr (CanBeHot<M>) judge.require(!monitor.is_hot(), M::name, M::owes);
    };
    std::apply([&](const auto&... each) { (ask(each), ...); }, monitors);
}

}  // namespace parley::specs::model
