#pragma once

#include "parley/checker/describe.hpp"
#include "parley/checker/drive.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/shadow.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/delays.hpp"
#include "parley/stress/log.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::stress {

/// A production endpoint and a log that only its thread touches: what a port does for any role.
template <class Endpoint, class Entry, class Endings, model::Party party>
class LoggedEndpoint {
 public:
    LoggedEndpoint(Endpoint& endpoint, std::vector<Entry>& log, Endings& endings, Side& side,
                   std::uint64_t seed)
        : endpoint_(endpoint), log_(log), endings_(endings), side_(side), random_(seed) {}

    template <class Message>
    bool send(Message&& message) {
        auto entry = entry_of<party>(checker::EventKind::send, message);
        const bool is_sent = endpoint_.send(std::forward<Message>(message));
        if (!is_sent) {
            entry.kind = checker::EventKind::refuse;
            if (log_.size() == refusal_ + 1) return false;  // the same once more
            refusal_ = log_.size();
        }
        has_moved_ |= is_sent;
        sent_ += is_sent ? 1 : 0;
        log_.push_back(std::move(entry));
        return is_sent;
    }

    template <class T, class... Args>
    auto make(Args&&... args) {
        auto owned = endpoint_.template make<T>(std::forward<Args>(args)...);
        note(checker::EventKind::make, address(owned));
        has_moved_ = true;
        return owned;
    }

    template <class OwnedOrAlias>
    auto& access(const OwnedOrAlias& owned) {
        note(checker::EventKind::access, address(owned));
        return endpoint_.access(owned);
    }

    template <class T>
    void destroy(model::StdPlatform::Owned<T>&& owned) {
        note(checker::EventKind::destroy, address(owned));
        has_moved_ = true;
        endpoint_.destroy(std::move(owned));
    }

    std::uint32_t choose(std::uint32_t count) {
        return count <= 1 ? 0 : side_.choose(count, random_);
    }

    void expect(bool holds, std::string_view sentence) {
        if (holds) return;
        note(checker::EventKind::note, 0);
        log_.back().sentence = sentence;
        endings_.give_up();
    }

    bool take_moved() { return std::exchange(has_moved_, false); }
    void end_step() { side_.moved(); }
    void wait() { side_.wait(); }
    bool is_abandoned() const {
        // An execution that is cut is over for both parties.
        if (log_.size() > log_max) endings_.give_up();
        return side_.is_abandoned() || endings_.is_given_up();
    }
    bool is_other_done() const { return endings_.is_done(model::other(party)); }
    bool may_leave() const { return false; }
    static constexpr bool puts_off() { return true; }
    bool is_all_at_rest() { return endings_.is_all_at_rest(party, sent_, received_); }
    void finish() {
        if (!is_abandoned()) endings_.finish(party);
    }

 protected:
    void take_received(const auto& message) {
        ++received_;
        log_.push_back(entry_of<model::other(party)>(checker::EventKind::receive, message));
    }
    void take_rejected(const auto& message, std::string state) {
        log_.push_back(entry_of<model::other(party)>(checker::EventKind::reject, message));
        log_.back().state = std::move(state);
        endings_.give_up();
    }

    Endpoint& endpoint_;
    std::vector<Entry>& log_;
    Endings& endings_;
    Side& side_;
    Xorshift random_;
    bool has_moved_ = false;
    std::uint32_t sent_ = 0;
    std::uint32_t received_ = 0;

 private:
    static constexpr std::size_t log_max = 100'000;
    static constexpr std::size_t no_refusal = static_cast<std::size_t>(-2);

    template <class OwnedOrAlias>
    static std::uintptr_t address(const OwnedOrAlias& object) {
        if constexpr (requires { object.alias(); }) {
            return reinterpret_cast<std::uintptr_t>(object.alias());
        } else {
            return reinterpret_cast<std::uintptr_t>(object);
        }
    }

    template <model::Party sender, class Message>
    static Entry entry_of(checker::EventKind kind, const Message& message) {
        using Outbox = std::conditional_t<sender == party, typename Endpoint::Outbox,
                                          typename Endpoint::Inbox>;
        using CheckOutbox =
            std::conditional_t<sender == model::Party::left, typename Entry::LeftOutbox,
                               typename Entry::RightOutbox>;
        constexpr std::size_t index = specs::model::alternative_index<Message, Outbox>;
        using CheckMessage = std::variant_alternative_t<index, CheckOutbox>;
        Entry entry;
        entry.kind = kind;
        model::for_owned_field(message, [&](const auto& owned) { entry.object = address(owned); });
        entry.message = CheckOutbox{specs::model::shadow<CheckMessage>(message, {})};
        return entry;
    }

    void note(checker::EventKind kind, std::uintptr_t object) {
        Entry& entry = log_.emplace_back();
        entry.kind = kind;
        entry.object = object;
    }

    std::size_t refusal_ = no_refusal;  ///< where the log's newest refusal is
};

/// A party's port on its own thread, for a script: the production endpoint below, a log beside it.
/// Parties with the same script have the same port, whatever the other party is.
template <class Script, class Options, class Endpoint, class Entry, class Endings,
          model::Party party>
class ThreadPort : public LoggedEndpoint<Endpoint, Entry, Endings, party> {
 public:
    using Base = LoggedEndpoint<Endpoint, Entry, Endings, party>;

    ThreadPort(Script& script, const Options& options, Endpoint& endpoint, std::vector<Entry>& log,
               Endings& endings, Side& side, std::uint64_t seed)
        : Base(endpoint, log, endings, side, seed), script_(script), options_(options) {}

    template <class Message>
    void reject(const Message& message) {
        this->take_rejected(message, checker::describe_role(script_.role));
    }

    bool receive_one() {
        this->side_.delay();
        return this->endpoint_.poll(*this, 1) != 0;
    }
    bool has_message() { return this->endpoint_.has_message(); }

    /// The endpoint hands over a message: this port stands where the role does.
    template <class Message>
    void receive(Message&& message, auto&) {
        this->take_received(message);
        checker::hand_over(script_, std::forward<Message>(message), *this, options_);
    }

 private:
    Script& script_;
    const Options& options_;
};

}  // namespace parley::stress
