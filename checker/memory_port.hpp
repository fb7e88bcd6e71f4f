#pragma once

#include "parley/checker/describe.hpp"
#include "parley/checker/drive.hpp"
#include "parley/protocols/model/role.hpp"

#include <cstdint>
#include <source_location>
#include <string_view>
#include <utility>

namespace parley::checker {

/// A production endpoint and what looks on (see MemoryWatch): what a port does for any role.
template <class Endpoint, class Watch, model::Party party>
class WatchedEndpoint {
 public:
    using Engine = typename Watch::Engine;
    using Platform = typename Engine::Platform;
    using Where = std::source_location;

    WatchedEndpoint(Endpoint& endpoint, Watch& watch) : endpoint_(endpoint), watch_(watch) {}

    template <class Message>
    bool send(Message&& message) {
        const auto seen = watch_.template offer<party>(message);
        const bool is_sent = endpoint_.send(std::forward<Message>(message));
        watch_.settle(party, is_sent, seen);
        has_moved_ |= is_sent;
        sent_ += is_sent ? 1 : 0;
        return is_sent;
    }

    template <class T, class... Args>
    auto make(Args&&... args) {
        auto owned = Platform::template make<T>(Where::current(), std::forward<Args>(args)...);
        watch_.made(party, owned.alias());
        has_moved_ = true;
        return owned;
    }

    template <class OwnedOrAlias>
    auto& access(const OwnedOrAlias& owned, Where where = Where::current()) {
        watch_.accessed(party, owned);
        auto& value = Platform::access(owned, where);
        Engine::outside([&] { watch_.stop_if_violated(); });
        return value;
    }

    template <class T>
    void destroy(typename Platform::template Owned<T>&& owned, Where where = Where::current()) {
        watch_.destroyed(party, owned);
        Platform::destroy(std::move(owned), where);
        Engine::outside([&] { watch_.stop_if_violated(); });
        has_moved_ = true;
    }

    std::uint32_t choose(std::uint32_t count) { return Engine::choose(count); }

    void expect(bool holds, std::string_view sentence) {
        if (!holds) watch_.failed(sentence);
    }

    bool take_moved() { return std::exchange(has_moved_, false); }

 protected:
    Endpoint& endpoint_;
    Watch& watch_;
    bool has_moved_ = false;
    std::uint32_t sent_ = 0;
    std::uint32_t received_ = 0;
};

/// A party's port in a MemoryRun, for a script: production endpoint and queues below, the witness
/// beside. Parties with the same script have the same port, whatever the other party is.
template <class Script, class Options, class Endpoint, class Watch, class Endings,
          model::Party party>
class MemoryPort : public WatchedEndpoint<Endpoint, Watch, party> {
 public:
    using Base = WatchedEndpoint<Endpoint, Watch, party>;
    using typename Base::Engine;

    MemoryPort(Script& script, const Options& options, Endpoint& endpoint, Watch& watch,
               Endings& endings)
        : Base(endpoint, watch), script_(script), options_(options), endings_(endings) {}

    template <class Message>
    void reject(const Message& message) {
        Engine::outside(
            [&] { this->watch_.template rejected<party>(message, describe_role(script_.role)); });
    }

    bool receive_one() { return this->endpoint_.poll(*this, 1) != 0; }
    bool has_message() { return this->endpoint_.has_message(); }

    /// The endpoint hands over a message: this port stands where the role does.
    template <class Message>
    void receive(Message&& message, auto&) {
        ++this->received_;
        this->watch_.template received<party>(message);
        hand_over(script_, std::forward<Message>(message), *this, options_);
    }

    void end_step() {
        this->has_moved_ = false;
        Engine::end_step(script_);
        this->watch_.end_step(party, script_.role);
    }
    void wait() { Engine::wait(script_); }
    bool is_abandoned() const { return Engine::is_over(); }
    bool is_other_done() { return endings_.is_done(model::other(party)); }
    bool may_leave() { return Engine::may_leave(); }
    static constexpr bool puts_off() { return Engine::puts_off; }
    bool is_all_at_rest() { return endings_.is_all_at_rest(party, this->sent_, this->received_); }
    void finish() { endings_.finish(party); }

 private:
    Script& script_;
    const Options& options_;
    Endings& endings_;
};

}  // namespace parley::checker
