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

PagePlace::Letter letter_of(std::size_t alternative, std::size_t conversation) {
    return static_cast<PagePlace::Letter>(alternative * conversations_max + conversation);
}

}  // namespace

Conformance::Conformance(const Page& page, const Subject& subject)
    : page_(&page), key_(page.key ? page.key->name : "") {
    for (const Party party : {Party::left, Party::right}) require_party(subject, party);
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

/// The party has the name of its role, and the messages that it sends are those of its outbox.
void Conformance::require_party(const Subject& subject, Party party) const {
    const Automaton& automaton = page_->automaton(party);
    const std::string_view role = subject.roles[index_of(party)];
    if (automaton.name != role) {
        refuse_page(page_->file, automaton.line,
                    fmt::format("expected '{}', the name of the role, found {}", role,
                                in_quotes(automaton.name)));
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
                                in_quotes(message), hint(message, outbox)));
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
        for (const Transition& each : automaton.transitions) {
            place.is_deferring |= each.handling == Handling::deferred;
        }
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
    if (is_deferring(party, transition)) {
        auto& deferred = place.deferred[index_of(party)];
        if (!deferred.add(letter_of(alternative, conversation))) return false;
    } else {
        take(place, party, transition, conversation, coverage);
    }
    return !place.is_deferring || recall(place, party, coverage);
}

bool Conformance::is_deferring(Party party, std::uint16_t transition) const {
    return page_->automaton(party).transitions[transition].handling == Handling::deferred;
}

void Conformance::take(PagePlace& place, Party party, std::uint16_t transition,
                       std::size_t conversation, Coverage* coverage) const {
    place.states[index_of(party)][conversation] =
        page_->automaton(party).transitions[transition].to;
    if (coverage != nullptr) coverage->take(party, transition);
}

std::uint16_t Conformance::find(const PagePlace& place, Party party,
                                PagePlace::Letter letter) const {
    return find(place, party, Direction::receive, letter / conversations_max,
                letter % conversations_max);
}

/// Handles what was deferred and is not any more. False: the page lists some of it nowhere in the
/// party's state. A deferring transition is there for what stays.
bool Conformance::recall(PagePlace& place, Party party, Coverage* coverage) const {
    auto& deferred = place.deferred[index_of(party)];
    const auto is_due = [&](PagePlace::Letter letter) {
        const std::uint16_t transition = find(place, party, letter);
        return transition == none || !is_deferring(party, transition);
    };
    for (;;) {
        for (std::size_t i = 0; coverage != nullptr && i < deferred.count; ++i) {
            const PagePlace::Letter letter = deferred.messages[i];
            if (!is_due(letter)) coverage->take(party, find(place, party, letter));
        }
        const auto letter = deferred.take(is_due);
        if (!letter) return true;
        const std::uint16_t transition = find(place, party, *letter);
        if (transition == none) {
            deferred.add(*letter);
            return false;
        }
        take(place, party, transition, *letter % conversations_max, coverage);
    }
}

std::string Conformance::name_of_letter(PagePlace::Letter letter, Party receiver) const {
    const std::uint16_t message = messages_[index_of(other(receiver))][letter / conversations_max];
    const std::string& name = page_->messages[message];
    if (key_.empty()) return name;
    return fmt::format("{} with {}={}", name, key_, letter % conversations_max);
}

std::string Conformance::left_over(const PagePlace& place, Party party) const {
    const auto& deferred = place.deferred[index_of(party)];
    if (deferred.is_empty()) return "";
    return fmt::format("{} has deferred {} and never takes it", page_->automaton(party).name,
                       name_of_letter(deferred.messages.front(), party));
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
    for (std::size_t i = 0; i < place.deferred[index_of(party)].count; ++i) {
        const PagePlace::Letter letter = place.deferred[index_of(party)].messages[i];
        const std::size_t its_conversation = letter % conversations_max;
        if (find(place, party, letter) != none) continue;
        return fmt::format("{} has deferred {}, which its page does not list in {}", automaton.name,
                           name_of_letter(letter, party),
                           automaton.states[place.states[index_of(party)][its_conversation]]);
    }
    if (find(place, party, direction, alternative, conversation) != none) {
        return fmt::format("{} defers more than {} messages", automaton.name,
                           place.deferred[index_of(party)].count);
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

namespace {

void require_key(const Page& page, std::span<const MessageFields> messages) {
    if (!page.key) return;
    for (const MessageFields& each : messages) {
        if (std::ranges::find(each.fields, page.key->name) != each.fields.end()) continue;
        throw InputError(fmt::format("{}: expected a field {} in {}, as the page's key", page.file,
                                     page.key->name, each.message));
    }
}

}  // namespace

std::shared_ptr<const Conformance> conformance_of(
    PageSource source, const Subject& subject,
    std::array<std::span<const MessageFields>, 2> messages) {
    if (source == nullptr) return nullptr;
    for (const auto of_party : messages) require_key(source(), of_party);
    return std::make_shared<const Conformance>(source(), subject);
}

}  // namespace parley::checker
