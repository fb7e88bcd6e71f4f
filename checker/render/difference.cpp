#include "parley/checker/render/difference.hpp"

#include "parley/checker/page_place.hpp"
#include "parley/checker/render/chart_rows.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace parley::checker::render {

namespace {

std::string event_sentence(const Trace& trace, std::size_t i) {
    if (i >= trace.events.size()) return "the end";
    const Event& event = trace.events[i];
    const std::string& role = event.party == model::Party::left ? trace.left : trace.right;
    const std::string state = event.state.empty() ? "" : fmt::format(" [{}]", event.state);
    return printable(fmt::format("{}: {}{}", role, event_predicate(event), state));
}

/// "", or " (specs/send.md:12)".
std::string in_brackets(const std::string& place) {
    return place.empty() ? "" : fmt::format(" ({})", printable(place));
}

/// The first place where two lists differ; their size when they do not.
template <class T>
std::size_t first_difference(const std::vector<T>& a, const std::vector<T>& b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

/// What was and what is, and the place of both.
struct Version {
    std::string text;
    std::string place = {};
};

std::string both(std::string_view where, const Version& then, const Version& now) {
    const std::string place = in_brackets(now.place);
    if (then.text == now.text) {
        return fmt::format("{}: differs in a detail of \"{}\"{}", where, then.text, place);
    }
    return fmt::format("{}: it was \"{}\"{} and is now \"{}\"{}", where, then.text,
                       in_brackets(then.place), now.text, place);
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

std::string difference(const Trace& recorded, const Trace& now, const specs::model::Page* page) {
    const std::size_t i = first_difference(recorded.events, now.events);
    const auto version = [&](const Trace& trace) {
        return Version{event_sentence(trace, i), place_of_event(trace, i, page)};
    };
    if (i < std::max(recorded.events.size(), now.events.size())) {
        return both(fmt::format("at event {}", i + 1), version(recorded), version(now));
    }
    if (!(recorded.violation == now.violation)) {
        return both("after the last event", {violation_sentence(recorded.violation)},
                    {violation_sentence(now.violation)});
    }
    return difference(recorded.choices, now.choices);
}

}  // namespace parley::checker::render
