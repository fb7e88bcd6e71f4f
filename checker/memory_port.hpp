#pragma once

#include "parley/checker/drive.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/shadow.hpp"

#include <cstdint>
#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace parley::checker {

/// A party's port in a MemoryRun: production endpoint and queues below, the witness beside.
template <class Run, model::Party party>
class MemoryPort {
 public:
    using Engine = typename Run::Engine;
    using Platform = typename Engine::Platform;
    using Where = std::source_location;

    explicit MemoryPort(Run& run) : run_(run), endpoint_(run.template endpoint<party>()) {}

    template <class Message>
    bool send(Message&& message) {
        const auto seen = Engine::outside([&] {
            auto shadow = run_.template shadow_of<party>(message);
            run_.take_down();
            run_.witness().offer(party, shadow);
            return shadow;
        });
        const bool is_sent = endpoint_.send(std::forward<Message>(message));
        Engine::outside([&] {
            run_.take_down();
            if (is_sent) {
                run_.witness().offer_taken(party, seen);
            } else {
                run_.witness().offer_refused(party, seen);
            }
            run_.stop_if_violated();
        });
        has_moved_ |= is_sent;
        sent_ += is_sent ? 1 : 0;
        return is_sent;
    }

    template <class T, class... Args>
    auto make(Args&&... args) {
        auto owned = Platform::template make<T>(Where::current(), std::forward<Args>(args)...);
        const auto* const object = owned.alias();
        Engine::outside([&] { run_.name_object(object, run_.witness().made(party)); });
        has_moved_ = true;
        return owned;
    }

    template <class OwnedOrAlias>
    auto& access(const OwnedOrAlias& owned, Where where = Where::current()) {
        Engine::outside([&] { run_.witness().accessed(party, run_.object_named(owned)); });
        auto& value = Platform::access(owned, where);
        Engine::outside([&] { run_.stop_if_violated(); });
        return value;
    }

    template <class T>
    void destroy(typename Platform::template Owned<T>&& owned, Where where = Where::current()) {
        Engine::outside([&] { run_.witness().destroyed(party, run_.object_named(owned)); });
        Platform::destroy(std::move(owned), where);
        Engine::outside([&] { run_.stop_if_violated(); });
        has_moved_ = true;
    }

    template <class Message>
    void reject(const Message& message) {
        Engine::outside([&] {
            run_.witness().rejected(party, run_.template shadow_of<model::other(party)>(message),
                                    run_.template state<party>());
            run_.stop_if_violated();
        });
    }

    std::uint32_t choose(std::uint32_t count) { return Engine::choose(count); }

    void expect(bool holds, std::string_view sentence) {
        if (holds) return;
        Engine::outside([&] {
            run_.witness().fail(specs::model::property::assertion, sentence, {});
            run_.stop_if_violated();
        });
    }

    bool receive_one() { return endpoint_.poll(*this, 1) != 0; }

    /// The endpoint hands over a message: this port stands where the role does.
    template <class Message>
    void receive(Message&& message, auto&) {
        ++received_;
        Engine::outside([&] {
            run_.take_down();
            auto seen = run_.template shadow_of<model::other(party)>(message);
            run_.witness().received(party, seen);
            run_.note_received(seen);
            run_.stop_if_violated();
        });
        hand_over(run_.template script<party>(), std::forward<Message>(message), *this,
                  run_.options());
    }

    bool take_moved() { return std::exchange(has_moved_, false); }
    void end_step() {
        has_moved_ = false;
        run_.template end_step<party>();
    }
    void wait() { Engine::wait(run_.template script<party>()); }
    bool is_abandoned() const { return false; }
    bool is_other_done() { return run_.is_done(model::other(party)); }
    bool is_all_at_rest() { return run_.template is_all_at_rest<party>(sent_, received_); }
    void finish() { run_.finish(party); }

 private:
    Run& run_;
    typename Run::template EndpointOf<party>& endpoint_;
    bool has_moved_ = false;
    std::uint32_t sent_ = 0;
    std::uint32_t received_ = 0;
};

}  // namespace parley::checker
