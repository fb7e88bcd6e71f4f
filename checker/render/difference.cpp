#include "parley/checker/render/difference.hpp"

#include "parley/checker/render/chart_rows.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace parley::checker::render {

namespace {

std::string_view verb_of(EventKind kind) {
    switch (kind) {
        case EventKind::send:
            return "sends ";
        case EventKind::refuse:
            return "cannot send ";
        case EventKind::receive:
            return "receives ";
        default:
            return "";
    }
}

std::string event_sentence(const std::vector<Event>& events, std::size_t i, const Trace& trace) {
    if (i >= events.size()) return "the end";
    const Event& event = events[i];
    const std::string& role = event.party == model::Party::left ? trace.left : trace.right;
    const std::string state = event.state.empty() ? "" : fmt::format(" [{}]", event.state);
    return printable(
        fmt::format("{}: {}{}{}", role, verb_of(event.kind), event_text(event), state));
}

/// The first place where two lists differ; their size when they do not.
template <class T>
std::size_t first_difference(const std::vector<T>& a, const std::vector<T>& b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

std::string both(std::string_view place, const std::string& then, const std::string& now) {
    if (then == now) return fmt::format("{}: differs in a detail of \"{}\"", place, then);
    return fmt::format("{}: it was \"{}\" and is now \"{}\"", place, then, now);
}

std::string violation_sentence(const Violation& violation) {
    if (violation.property.empty()) return "no violation";
    return printable(fmt::format("{}: {}", violation.property, violation.sentence));
}

}  // namespace

std::string difference(const Choices& recorded, const Choices& now) {
    const std::size_t i = first_difference(recorded, now);
    if (i == recorded.size()) return "";  // what was not recorded was 0
    const std::string place = fmt::format("at choice {}", i + 1);
    if (i >= now.size()) return place + ": the run is over before it";
    return fmt::format("{}: it was {} of {} and is now {} of {}", place, recorded[i].index,
                       recorded[i].count, now[i].index, now[i].count);
}

std::string difference(const Trace& recorded, const Trace& now) {
    const std::size_t i = first_difference(recorded.events, now.events);
    if (i < std::max(recorded.events.size(), now.events.size())) {
        return both(fmt::format("at event {}", i + 1), event_sentence(recorded.events, i, recorded),
                    event_sentence(now.events, i, now));
    }
    if (!(recorded.violation == now.violation)) {
        return both("after the last event", violation_sentence(recorded.violation),
                    violation_sentence(now.violation));
    }
    return difference(recorded.choices, now.choices);
}

}  // namespace parley::checker::render
