#include "parley/checker/conformance.hpp"

#include "parley/checker/page.hpp"
#include "parley/checker/page_error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Handling;
using specs::model::Page;
using specs::model::Transition;

constexpr std::size_t lines_max = 3;
constexpr std::size_t byte_states = 256;

Party sender_of(Party party, Direction direction) {
    return direction == Direction::send ? party : other(party);
}

/// The page's numbers of messages with these names. Names have been compared before.
std::vector<std::uint16_t> numbers_of(const Page& page,
                                      const std::vector<std::string_view>& messages) {
    std::vector<std::uint16_t> numbers;
    for (const std::string_view message : messages) {
        const auto found = std::ranges::find(page.messages, message);
        numbers.push_back(static_cast<std::uint16_t>(found - page.messages.begin()));
    }
    return numbers;
}

}  // namespace

Conformance::Conformance(const Page& page, const Subject& subject)
    : page_(&page), key_(page.key ? page.key->name : "") {
    require_names(subject);
    for (const Party party : {Party::left, Party::right}) {
        messages_[index_of(party)] = numbers_of(page, subject.messages[index_of(party)]);
        const Automaton& automaton = page.automaton(party);
        for (auto& next : next_[index_of(party)]) {
            next.assign(automaton.states.size() * page.messages.size(), none);
        }
        for (std::size_t i = 0; i < automaton.transitions.size(); ++i) {
            const Transition& each = automaton.transitions[i];
            auto& next = next_[index_of(party)][static_cast<std::size_t>(each.direction)];
            next[each.from * page.messages.size() + each.message] = static_cast<std::uint16_t>(i);
        }
    }
}

void Conformance::require_names(const Subject& subject) const {
    for (const Party party : {Party::left, Party::right}) require_party(subject, party);
    for (const Automaton& automaton : page_->parties) {
        for (const Transition& each : automaton.transitions) {
            if (each.handling != Handling::deferred) continue;
            refuse_page(page_->file, each.line,
                        fmt::format("expected no 'deferred': a role takes every message out of its "
                                    "queue ({} does)",
                                    automaton.name));
        }
    }
}

/// The party has the name of its role, and the messages that it sends are those of its outbox.
void Conformance::require_party(const Subject& subject, Party party) const {
    const Automaton& automaton = page_->automaton(party);
    const std::string_view role = subject.roles[index_of(party)];
    if (automaton.name != role) {
        refuse_page(page_->file, automaton.line,
                    fmt::format("expected '{}', the name of the role, found {}", role,
                                quoted(automaton.name)));
    }
    const std::vector<std::string_view>& outbox = subject.messages[index_of(party)];
    std::vector<std::string_view> missing = outbox;
    for (const Transition& each : automaton.transitions) {
        if (each.direction != Direction::send) continue;
        const std::string_view message = page_->messages[each.message];
        std::erase(missing, message);
        if (std::ranges::find(outbox, message) != outbox.end()) continue;
        refuse_page(page_->file, each.line,
                    fmt::format("expected a message that role {} sends, found {}{}", role,
                                quoted(message), hint(message, outbox)));
    }
    if (missing.empty()) return;
    refuse_page(page_->file, automaton.line,
                fmt::format("expected a transition with '!{}': role {} can send it",
                            missing.front(), role));
}

PagePlace Conformance::begin() const {
    PagePlace place;
    place.conversations = page_->key ? conversations_max : 1;
    for (const Party party : {Party::left, Party::right}) {
        const Automaton& automaton = page_->automaton(party);
        place.states[index_of(party)].fill(automaton.initial);
        place.is_wide |= automaton.states.size() > byte_states;
    }
    return place;
}

/// The transition that the party takes with a message, or none.
std::uint16_t Conformance::find(const PagePlace& place, Party party, Direction direction,
                                std::size_t alternative, std::size_t conversation) const {
    if (conversation >= conversations_max) return none;
    const std::uint16_t state = place.states[index_of(party)][conversation];
    const std::uint16_t message = messages_[index_of(sender_of(party, direction))][alternative];
    const auto& next = next_[index_of(party)][static_cast<std::size_t>(direction)];
    return next[state * page_->messages.size() + message];
}

bool Conformance::advance(PagePlace& place, Party party, Direction direction,
                          std::size_t alternative, std::size_t conversation,
                          Coverage* coverage) const {
    const std::uint16_t transition = find(place, party, direction, alternative, conversation);
    if (transition == none) return false;
    place.states[index_of(party)][conversation] =
        page_->automaton(party).transitions[transition].to;
    if (coverage != nullptr) coverage->take(party, transition);
    return true;
}

void Conformance::count_refused(const PagePlace& place, Party party, std::size_t alternative,
                                std::size_t conversation, Coverage& coverage) const {
    const std::uint16_t transition = find(place, party, Direction::send, alternative, conversation);
    if (transition != none) coverage.refuse(party, transition);
}

std::string Conformance::breach(const PagePlace& place, Party party, Direction direction,
                                std::size_t alternative, std::size_t conversation) const {
    const Automaton& automaton = page_->automaton(party);
    const std::uint16_t message = messages_[index_of(sender_of(party, direction))][alternative];
    const char* verb = direction == Direction::send ? "sends" : "receives";
    if (conversation >= conversations_max) {
        return fmt::format("{} {} {} with {}={}: values of the key are below {}", automaton.name,
                           verb, page_->messages[message], key_, conversation, conversations_max);
    }
    const std::string where = key_.empty() ? "" : fmt::format(" with {}={}", key_, conversation);
    std::string text =
        fmt::format("{} {} {}{} in {}", automaton.name, verb, page_->messages[message], where,
                    automaton.states[place.states[index_of(party)][conversation]]);
    std::size_t count = 0;
    for (const Transition& each : automaton.transitions) {
        if (each.direction != direction || each.message != message) continue;
        if (++count > lines_max) continue;
        text += (count == 1 ? "; its page allows that only here: " : "; and: ") +
                quote_line(*page_, each.line);
    }
    if (count == 0) text += "; its page allows that nowhere";
    if (count > lines_max) text += fmt::format("; and in {} lines more", count - lines_max);
    return text;
}

}  // namespace parley::checker
