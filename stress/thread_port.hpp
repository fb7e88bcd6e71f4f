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
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::stress {

/// A party's port on its own thread: the production endpoint below, a log that only this thread
/// touches beside it.
template <class Instance, model::Party party>
class ThreadPort {
 public:
    using Entry = typename Instance::Entry;

    ThreadPort(Instance& instance, Side& side, std::uint64_t seed)
        : instance_(instance),
          endpoint_(instance.template endpoint<party>()),
          log_(instance.log(party)),
          side_(side),
          random_(seed) {}

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

    template <class Message>
    void reject(const Message& message) {
        auto entry = entry_of<model::other(party)>(checker::EventKind::reject, message);
        const auto& role = instance_.template script<party>().role;
        entry.state = fmt::format("{} ({})", role.name, checker::describe_state(role));
        log_.push_back(std::move(entry));
        instance_.give_up();
    }

    std::uint32_t choose(std::uint32_t count) {
        return count <= 1 ? 0 : side_.choose(count, random_);
    }

    void expect(bool holds, std::string_view sentence) {
        if (holds) return;
        note(checker::EventKind::note, 0);
        log_.back().sentence = sentence;
        instance_.give_up();
    }

    bool receive_one() {
        side_.delay();
        return endpoint_.poll(*this, 1) != 0;
    }

    /// The endpoint hands over a message: this port stands where the role does.
    template <class Message>
    void receive(Message&& message, auto&) {
        ++received_;
        log_.push_back(entry_of<model::other(party)>(checker::EventKind::receive, message));
        checker::hand_over(instance_.template script<party>(), std::forward<Message>(message),
                           *this, instance_.options());
    }

    bool take_moved() { return std::exchange(has_moved_, false); }
    void end_step() { side_.moved(); }
    void wait() { side_.wait(); }
    bool is_abandoned() const {
        // An execution that is cut is over for both parties.
        if (log_.size() > log_max) instance_.give_up();
        return side_.is_abandoned() || instance_.is_given_up();
    }
    bool is_other_done() const { return instance_.is_done(model::other(party)); }
    bool is_all_at_rest() { return instance_.template is_all_at_rest<party>(sent_, received_); }
    void finish() {
        if (!is_abandoned()) instance_.finish(party);
    }

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
        using Outbox = typename Instance::template OutboxOf<sender>;
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

    Instance& instance_;
    typename Instance::template EndpointOf<party>& endpoint_;
    std::vector<Entry>& log_;
    Side& side_;
    Xorshift random_;
    bool has_moved_ = false;
    std::uint32_t sent_ = 0;
    std::uint32_t received_ = 0;
    std::size_t refusal_ = no_refusal;  ///< where the log's newest refusal is
};

}  // namespace parley::stress
