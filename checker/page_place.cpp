#include "parley/checker/page_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace parley::checker {

namespace {

using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Page;
using specs::model::Transition;

/// What an event says to a page.
struct Said {
    Direction direction = Direction::send;
    std::uint16_t message = 0;
    std::string conversation;  ///< the value of the page's key, as the event writes it
};

/// The value in "Arm(round=1, completion=#1)" of a field.
std::string field_of(std::string_view what, const std::string& name) {
    for (const char before : {'(', ' '}) {
        const std::size_t at = what.find(before + name + "=");
        if (at == std::string_view::npos) continue;
        const std::size_t begin = at + name.size() + 2;
        return std::string{what.substr(begin, what.find_first_of(",)", begin) - begin)};
    }
    return "";
}

std::optional<Said> said_by(const Page& page, const Event& event) {
    const bool is_message = event.kind == EventKind::send || event.kind == EventKind::refuse ||
                            event.kind == EventKind::receive || event.kind == EventKind::reject;
    if (!is_message) return std::nullopt;
    const std::string_view name = std::string_view{event.what}.substr(0, event.what.find('('));
    const auto found = std::ranges::find(page.messages, name);
    if (found == page.messages.end()) return std::nullopt;
    const bool is_sent = event.kind == EventKind::send || event.kind == EventKind::refuse;
    return Said{is_sent ? Direction::send : Direction::receive,
                static_cast<std::uint16_t>(found - page.messages.begin()),
                page.key ? field_of(event.what, page.key->name) : ""};
}

/// The line for an event, after all that its party has done before.
int line_of(const Page& page, const Trace& trace, std::size_t event, const Said& said) {
    const model::Party party = trace.events[event].party;
    const Automaton& automaton = page.automaton(party);
    std::map<std::string, std::uint16_t> states;  // by conversation
    const auto transition_of = [&](const Said& each) {
        const auto state = states.try_emplace(each.conversation, automaton.initial).first;
        return automaton.find(state->second, each.direction, each.message);
    };
    for (std::size_t i = 0; i < event; ++i) {
        const Event& before = trace.events[i];
        const bool is_step = before.kind == EventKind::send || before.kind == EventKind::receive;
        if (before.party != party || !is_step) continue;
        const auto each = said_by(page, before);
        if (!each) continue;
        if (const Transition* taken = transition_of(*each)) states[each->conversation] = taken->to;
    }
    const Transition* const taken = transition_of(said);
    return taken != nullptr ? taken->line : automaton.line;
}

}  // namespace

std::string place_of_event(const Trace& trace, std::size_t event, const Page* page) {
    if (event >= trace.events.size()) return "";
    if (const auto& memory = trace.events[event].memory) {
        return memory->file.empty() ? "" : fmt::format("{}:{}", memory->file, memory->line);
    }
    if (page == nullptr) return "";
    const auto said = said_by(*page, trace.events[event]);
    if (!said) return "";
    return fmt::format("{}:{}", page->file, line_of(*page, trace, event, *said));
}

}  // namespace parley::checker
