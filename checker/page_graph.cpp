#include "parley/checker/page_graph.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace parley::checker {

namespace {

/// Takes down the steps of one run, with the numbers of the messages in the queues.
class PageRecorder {
 public:
    explicit PageRecorder(const PageSystem& system) : system_(system), at_(system.initial()) {}

    void take(const PageStep& step) {
        Event event;
        event.party = step.party;
        event.kind = step.is_send() ? EventKind::send : EventKind::receive;
        event.what = system_.text({step.transition->message, step.conversation});
        event.number = step.is_send() ? send(index_of(step.party))
                                      : receive(index_of(other(step.party)), step.position);
        at_ = system_.after(at_, step);
        event.state = system_.state_text(at_, step.party);
        event.left_to_right = queue_text(0);
        event.right_to_left = queue_text(1);
        events_.push_back(std::move(event));
    }

    std::vector<Event> events() { return std::move(events_); }

 private:
    int send(std::size_t sender) {
        numbers_[sender].push_back(++sent_[sender]);
        return sent_[sender];
    }

    int receive(std::size_t sender, std::size_t position) {
        const auto place = numbers_[sender].begin() + static_cast<std::ptrdiff_t>(position);
        const int number = *place;
        numbers_[sender].erase(place);
        return number;
    }

    std::string queue_text(std::size_t sender) const {
        std::string text;
        for (const Letter& letter : at_.queues[sender]) {
            text += (text.empty() ? "" : " ") + system_.text(letter);
        }
        return text;
    }

    const PageSystem& system_;
    Configuration at_;
    std::array<std::deque<int>, 2> numbers_;  ///< of what is in the queues, by sender
    std::array<int, 2> sent_{};
    std::vector<Event> events_;
};

}  // namespace

std::vector<PageStep> PageGraph::path_to(Id id) const {
    std::vector<PageStep> path;
    for (auto origin = origins_[id]; origin.parent != StateStore::none;
         origin = origins_[origin.parent]) {
        path.push_back(system_->steps(configuration(origin.parent))[origin.step]);
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<Event> events_of(const PageSystem& system, const std::vector<PageStep>& path) {
    PageRecorder recorder(system);
    for (const PageStep& step : path) recorder.take(step);
    return recorder.events();
}

}  // namespace parley::checker
