#pragma once

#include "parley/checker/coverage.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/protocols/model/deferred.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/specs/model/interchangeable.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/page.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/shadow.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::checker {

/// The values of a page's key that a run may use are below it.
inline constexpr std::size_t conversations_max = 16;

/// Where both parties of a run are in the automata of their page. As state of a world it takes a
/// byte or two for each party and conversation, and nothing without a page.
struct PagePlace {
    /// A message that was deferred: its alternative * conversations_max + its conversation.
    using Letter = std::uint16_t;

    std::array<std::array<std::uint16_t, conversations_max>, 2> states{};  ///< by party
    std::uint8_t conversations = 0;                                        ///< in use
    bool is_wide = false;       ///< there are more states than a byte can count
    bool is_deferring = false;  ///< the page defers messages
    std::array<model::Deferred<Letter>, 2> deferred{};  ///< by who has received them

    /// Where one party is (see codec.hpp).
    struct OfParty {
        PagePlace& place;
        model::Party party;

        template <class Archive>
        void transfer(Archive& archive) {
            for (std::size_t i = 0; i < place.conversations; ++i) {
                place.transfer_state(archive, place.states[index_of(party)][i]);
            }
            if (place.is_deferring) archive(place.deferred[index_of(party)]);
        }
    };
    OfParty of(model::Party party) { return {*this, party}; }

    /// Gives each conversation of a party another number.
    void rename_conversations(model::Party party, specs::model::Renaming to) {
        specs::model::rename(states[index_of(party)], to);
        for (std::size_t i = 0; i < deferred[index_of(party)].count; ++i) {
            Letter& letter = deferred[index_of(party)].messages[i];
            auto conversation = static_cast<std::uint8_t>(letter % conversations_max);
            letter = static_cast<Letter>(letter - conversation);
            specs::model::rename(conversation, to);
            letter = static_cast<Letter>(letter + conversation);
        }
    }

 private:
    template <class Archive>
    void transfer_state(Archive& archive, std::uint16_t& state) const {
        if (is_wide) return archive(state);
        auto byte = static_cast<std::uint8_t>(state);
        archive(byte);
        state = byte;
    }
};

/// The automata of a page as rules for roles: what a party sends and receives must be a run of its
/// automaton. Each party is judged by its own events in its own order, so that nothing has to be
/// agreed between threads (the run-time monitors of Schneider, Enforceable security policies, ACM
/// TISSEC 2000, one for each party; ours are deterministic and only watch).
///
/// A role takes every message out of its queue. One that its page defers it keeps, and handles as
/// soon as its state does not defer it any more, the oldest first: as if it had stayed in the
/// queue.
class Conformance {
 public:
    /// Throws InputError where the page and the roles do not have the same names.
    Conformance(const specs::model::Page& page, const Subject& subject);

    PagePlace begin() const;
    const std::string& key() const { return key_; }

    /// Moves `party` on with the message that is number `alternative` of its sender's outbox, and
    /// counts it. False: the page does not say so, and nothing has happened.
    bool advance(PagePlace& place, model::Party party, specs::model::Direction direction,
                 std::size_t alternative, std::size_t conversation,
                 Coverage* coverage = nullptr) const;

    /// Counts a send that found no room.
    void count_refused(const PagePlace& place, model::Party party, std::size_t alternative,
                       std::size_t conversation, Coverage& coverage) const;

    /// A message that `party` has deferred and, when all is over, still holds; "" if there is none.
    std::string left_over(const PagePlace& place, model::Party party) const;

    /// Says why advance() was false, with the lines of the page that allow the message elsewhere.
    std::string breach(const PagePlace& place, model::Party party,
                       specs::model::Direction direction, std::size_t alternative,
                       std::size_t conversation) const;

 private:
    using Direction = specs::model::Direction;

    static constexpr std::uint16_t none = UINT16_MAX;

    void require_party(const Subject& subject, model::Party party) const;
    bool is_deferring(model::Party party, std::uint16_t transition) const;
    void take(PagePlace& place, model::Party party, std::uint16_t transition,
              std::size_t conversation, Coverage* coverage) const;
    std::uint16_t find(const PagePlace& place, model::Party party, PagePlace::Letter letter) const;
    bool recall(PagePlace& place, model::Party party, Coverage* coverage) const;
    std::string name_of_letter(PagePlace::Letter letter, model::Party receiver) const;
    std::uint16_t find(const PagePlace& place, model::Party party,
                       specs::model::Direction direction, std::size_t alternative,
                       std::size_t conversation) const;

    const specs::model::Page* page_;
    std::string key_;
    /// By sender, then alternative of its outbox: the message's number in the page.
    std::array<std::vector<std::uint16_t>, 2> messages_;
    /// By party and direction, then state * messages + message: the transition, or none.
    std::array<std::array<std::vector<std::uint16_t>, 2>, 2> next_;
};

/// What a run is held to, and what counts how far it comes; both may be null.
struct PageWatch {
    const Conformance* rules = nullptr;
    Coverage* coverage = nullptr;
};

/// The number by which `message` belongs to a conversation; 0 without a key.
template <class Message>
std::size_t conversation_of(const Message& message, std::string_view key) {
    std::size_t conversation = 0;
    if (key.empty()) return conversation;
    std::size_t index = 0;
    model::for_each_field(message, [&](const auto& field) {
        const std::string_view name = model::field_names<Message>[index++];
        if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(field)>>) {
            if (name == key) conversation = static_cast<std::size_t>(field);
        }
    });
    return conversation;
}

/// Judges that `party` sends or receives `message`, one of `Outbox`. What was said before of the
/// same event stands; the page's lines are then its detail.
template <class Outbox, class Message>
void watch_page(const PageWatch& watch, PagePlace& place, model::Party party,
                specs::model::Direction direction, const Message& message, bool was_violated,
                specs::model::Judge& judge, std::string& detail) {
    if constexpr (!std::is_same_v<Message, std::monostate>) {
        const Conformance* const page = watch.rules;
        if (page == nullptr || was_violated) return;
        constexpr std::size_t alternative = specs::model::alternative_index<Message, Outbox>;
        const std::size_t conversation = conversation_of(message, page->key());
        if (page->advance(place, party, direction, alternative, conversation, watch.coverage)) {
            return;
        }
        judge.require(false, specs::model::property::conformance,
                      "a party sends and receives only what its page says");
        if (detail.empty()) {
            detail = page->breach(place, party, direction, alternative, conversation);
        }
    }
}

/// Judges that a run is over.
inline void watch_page_end(const PageWatch& watch, const PagePlace& place,
                           specs::model::Judge& judge, std::string& detail) {
    if (watch.rules == nullptr || judge.is_violated()) return;
    for (const model::Party party : {model::Party::left, model::Party::right}) {
        std::string left_over = watch.rules->left_over(place, party);
        if (left_over.empty()) continue;
        judge.require(false, specs::model::property::orphan_message,
                      "no message is left for a party that has finished");
        if (detail.empty()) detail = std::move(left_over);
    }
}

/// Counts that `party` found no room for `message`, one of `Outbox`.
template <class Outbox, class Message>
void watch_refused(const PageWatch& watch, const PagePlace& place, model::Party party,
                   const Message& message) {
    if constexpr (!std::is_same_v<Message, std::monostate>) {
        if (watch.rules == nullptr || watch.coverage == nullptr) return;
        constexpr std::size_t alternative = specs::model::alternative_index<Message, Outbox>;
        watch.coverage->find_full(party);
        watch.rules->count_refused(place, party, alternative,
                                   conversation_of(message, watch.rules->key()), *watch.coverage);
    }
}

/// The names of the fields of a message.
struct MessageFields {
    std::string_view message;
    std::span<const std::string_view> fields;
};

/// All messages of an outbox; of a party that sends nothing, none.
template <class... Messages>
constexpr auto fields_of(std::type_identity<std::variant<Messages...>>) {
    return std::array<MessageFields, sizeof...(Messages)>{
        MessageFields{model::type_name<Messages>(), model::field_names<Messages>}...};
}
constexpr auto fields_of(std::type_identity<std::variant<std::monostate>>) {
    return std::array<MessageFields, 0>{};
}

/// What one party may send.
template <class Role>
inline constexpr auto fields_of_outbox = fields_of(std::type_identity<typename Role::Outbox>{});

/// The rules for a subject whose parties send `messages`; null without a page. Throws InputError
/// unless each message has the page's key, where there is one, as a field.
std::shared_ptr<const Conformance> conformance_of(
    PageSource source, const Subject& subject,
    std::array<std::span<const MessageFields>, 2> messages);

/// The rules for variant `C` under CheckPlatform.
template <class C>
std::shared_ptr<const Conformance> conformance_of(PageSource source, const Subject& subject) {
    return conformance_of(
        source, subject,
        {fields_of_outbox<decltype(C::Left::role)>, fields_of_outbox<decltype(C::Right::role)>});
}

}  // namespace parley::checker
