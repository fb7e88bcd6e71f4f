#pragma once

#include "parley/checker/campaign.hpp"
#include "parley/checker/drive.hpp"
#include "parley/checker/memory_port.hpp"
#include "parley/checker/party_end.hpp"
#include "parley/checker/rest.hpp"
#include "parley/checker/state_writer.hpp"
#include "parley/checker/witness.hpp"
#include "parley/protocols/model/endpoint.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/shadow.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace parley::checker {

/// What an engine has whose code under check calls the witness as it is.
struct DirectMemory {
    template <class T>
    class Kept {
     public:
        explicit Kept(const auto& make) : value_(make()) {}
        T* operator->() { return &value_; }
        const T* operator->() const { return &value_; }

     private:
        T value_;
    };
    template <class F>
    static decltype(auto) outside(F&& work) {
        return std::forward<F>(work)();
    }
    static void note_queues(const auto& /*left_to_right*/, const auto& /*right_to_left*/) {}
    static std::uint32_t number_of(const auto* object) { return object->header.number; }
};

/// One run of a protocol between two threads of an engine with a memory model: its scripts,
/// production endpoints over queues, and the witness. `V` and `C` are the same variant under the
/// engine's platform and under CheckPlatform. `M` is the engine:
/// - `Platform`, `Queue<V, T>`: what shared memory is made of, and the queue for messages `T`,
/// - `variables_made()`: how many atomics and cells there are so far,
/// - `choose(count)`, `fail(sentence)`, which does not return,
/// - `end_step(script)`: something has happened, or all begins; `wait(script)`: nothing has,
/// - `has_channels`: the queues are channels of the engine; `has_flags`: parties tell each other
///   through memory that they are done,
/// - `outside(work)`: does what is not under check and returns its result; `Kept<T>`: what such
/// work
///   keeps for the run; `note_queues(left_to_right, right_to_left)`: where they are,
/// - `number_of(object)`: of an object of `Platform`, in the order in which the run makes them.
///
/// The last ones DirectMemory has, for an engine to which all code is the same.
template <class V, class C, class M>
class MemoryRun {
 public:
    using Engine = M;
    using Options = typename V::Options;
    using LeftOutbox = typename decltype(V::Left::role)::Outbox;
    using RightOutbox = typename decltype(V::Right::role)::Outbox;
    using LeftQueue = typename M::template Queue<V, LeftOutbox>;
    using RightQueue = typename M::template Queue<V, RightOutbox>;
    using LeftEndpoint = model::Endpoint<LeftOutbox, RightOutbox, LeftQueue, RightQueue>;
    using RightEndpoint = model::Endpoint<RightOutbox, LeftOutbox, RightQueue, LeftQueue>;
    template <model::Party party>
    using EndpointOf = std::conditional_t<party == model::Party::left, LeftEndpoint, RightEndpoint>;
    using ObjectId = specs::model::ObjectId;

    /// `page`: what the roles must conform to, or null.
    MemoryRun(const Options& options, Campaign& campaign, const Conformance* page)
        : options_(options),
          campaign_(campaign),
          first_variable_(M::variables_made()),
          left_to_right_(specs::model::capacity_of(options)),
          second_variable_(M::variables_made()),
          right_to_left_(specs::model::capacity_of(options)),
          judged_([&] { return Judged{witness_for(options, campaign, page)}; }) {
        M::outside([&] {
            M::note_queues(left_to_right_, right_to_left_);
            campaign_.names = {{LeftRole::name, RightRole::name},
                               {first_variable_, second_variable_},
                               left_to_right_.capacity(),
                               M::has_channels};
        });
    }

    void thread(unsigned index) {
        if (index == 0) {
            MemoryPort<MemoryRun, model::Party::left> port{*this};
            M::end_step(left_);
            drive(left_, options_, port);
        } else {
            MemoryPort<MemoryRun, model::Party::right> port{*this};
            M::end_step(right_);
            drive(right_, options_, port);
        }
    }

    /// Both parties have come to their end.
    void after() {
        witness().end();
        campaign_.sent_kinds |= witness().sent_kinds();
        ++campaign_.ends;
        stop_if_violated();
    }

    /// No party can move any more.
    void after(std::array<PartyEnd, 2> ends) {
        if (ends[0] == PartyEnd::cut || ends[1] == PartyEnd::cut) return;
        const bool is_over = is_over_for(left_, ends[0]) && is_over_for(right_, ends[1]);
        if (is_over) return after();
        witness().stuck({ends[0] == PartyEnd::done, ends[1] == PartyEnd::done},
                        who_waits(left_, ends[0]) + ", " + who_waits(right_, ends[1]));
        stop_if_violated();
    }

    const Options& options() const { return options_; }
    WitnessOf<C>& witness() { return judged_->witness; }

    template <model::Party party>
    auto& script() {
        if constexpr (party == model::Party::left) {
            return left_;
        } else {
            return right_;
        }
    }
    template <model::Party party>
    auto& endpoint() {
        if constexpr (party == model::Party::left) {
            return left_endpoint_;
        } else {
            return right_endpoint_;
        }
    }

    /// Ends the run if the witness has seen a violation.
    void stop_if_violated() {
        if (!witness().is_violated()) [[likely]]
            return;
        campaign_.violation = witness().violation();
        M::fail(campaign_.violation->sentence);
    }

    /// What the witness sees of a message that `sender` has sent.
    template <model::Party sender, class Message>
    auto shadow_of(const Message& message) {
        using Outbox = std::conditional_t<sender == model::Party::left, LeftOutbox, RightOutbox>;
        using CheckOutbox =
            std::conditional_t<sender == model::Party::left, typename WitnessOf<C>::LeftOutbox,
                               typename WitnessOf<C>::RightOutbox>;
        constexpr std::size_t index = specs::model::alternative_index<Message, Outbox>;
        using CheckMessage = std::variant_alternative_t<index, CheckOutbox>;
        ObjectId object;
        model::for_owned_field(message, [&](const auto& owned) {
            if (owned) object = object_named(owned);
        });
        return specs::model::shadow<CheckMessage>(message, object);
    }

    template <class Object>
    void name_object(const Object* object, ObjectId id) {
        const auto number = M::number_of(object);
        auto& names = judged_->names;
        if (names.size() <= number) names.resize(number + 1U);
        names[number] = id;
        if constexpr (M::has_channels) {
            auto& contents = judged_->contents;
            if (contents.size() < id.slot) contents.resize(id.slot);
            contents[id.slot - 1U] = object->bytes;
        }
    }
    template <class OwnedOrAlias>
    ObjectId object_named(const OwnedOrAlias& object) const {
        if constexpr (requires { object.alias(); }) {
            return object_named(object.alias());
        } else {
            if (object == nullptr) return {};
            const auto number = M::number_of(object);
            return number < judged_->names.size() ? judged_->names[number] : ObjectId{};
        }
    }

    template <model::Party party>
    std::string state() {
        return state_of(script<party>());
    }

    template <model::Party party>
    void end_step() {
        M::end_step(script<party>());
        if (campaign_.recorder == nullptr) [[likely]]
            return;
        M::outside([&] {
            take_down();
            if (!campaign_.recorder->is_in_step(party)) return;
            campaign_.recorder->end_step(party, describe_state(script<party>().role));
        });
    }

    void take_down() { campaign_.take_down(); }

    // For an engine that keeps states: all that decides how the run goes on, as bytes.

    /// The script of the thread, between its steps.
    void write_script(unsigned index, std::vector<std::byte>& to)
        requires(M::has_channels)
    {
        StateWriter writer(to, judged_->names);
        index == 0 ? writer(left_) : writer(right_);
    }
    /// What belongs to no thread: what is in the queues, objects, and what the witness knows.
    void write_shared(std::vector<std::byte>& to)
        requires(M::has_channels)
    {
        StateWriter writer(to, judged_->names);
        writer(witness());
        std::size_t slots = judged_->contents.size();
        writer(slots);
        for (std::size_t slot = 0; slot < slots; ++slot) {
            auto object = witness().ownership().objects[slot];
            writer(object);
            const bool is_alive = object.owner != specs::model::Ownership::Owner::nobody;
            if (is_alive)
                writer.raw(judged_->contents[slot].data(), judged_->contents[slot].size());
        }
    }
    /// What the rest of a step depends on.
    template <class Message>
    void note_received(Message& message) {
        if constexpr (requires { M::answers(); }) {
            if (auto* const to = M::answers()) StateWriter{*to, judged_->names}(message);
        }
    }

    bool is_done(model::Party party) {
        if constexpr (has_flags) {
            return done_[index_of(party)].load(std::memory_order_acquire);
        } else {
            return false;
        }
    }
    /// Where one party is done at the end, the other one waits for that.
    template <model::Party party>
    bool is_all_at_rest(std::uint32_t sent, std::uint32_t received) {
        if constexpr (may_both_rest) {
            rests_[index_of(party)].tell(sent, received);
            return rests_[index_of(other(party))].matches(sent, received);
        }
        return false;
    }
    void finish(model::Party party) {
        if constexpr (has_flags) done_[index_of(party)].store(true, std::memory_order_release);
    }

 private:
    using LeftRole = decltype(V::Left::role);
    using RightRole = decltype(V::Right::role);
    static constexpr bool has_flags =
        M::has_flags && (specs::model::MayEnd<typename V::Left, Options> ||
                         specs::model::MayEnd<typename V::Right, Options>);
    static constexpr bool may_both_rest = M::has_flags &&
                                          specs::model::MayEnd<typename V::Left, Options> &&
                                          specs::model::MayEnd<typename V::Right, Options>;

    /// What looks on.
    struct Judged {
        WitnessOf<C> witness;
        std::vector<ObjectId> names = {};                       ///< by the object's number
        std::vector<std::span<const std::byte>> contents = {};  ///< by the slot of its name
    };

    static WitnessOf<C> witness_for(const Options& options, Campaign& campaign,
                                    const Conformance* page) {
        return WitnessOf<C>{specs::model::capacity_of(options),
                            campaign.recorder,
                            {page, campaign.coverage ? &*campaign.coverage : nullptr}};
    }

    template <class Script>
    bool is_over_for(const Script& script, PartyEnd end) const {
        if constexpr (specs::model::MayEnd<Script, Options>) {
            if (end == PartyEnd::stuck && script.may_end(options_)) return true;
        }
        return end == PartyEnd::done;
    }
    template <class Script>
    static std::string state_of(const Script& script) {
        return fmt::format("{} ({})", script.role.name, describe_state(script.role));
    }
    template <class Script>
    std::string who_waits(const Script& script, PartyEnd end) const {
        return fmt::format("{} {}", state_of(script),
                           is_over_for(script, end) ? "has finished" : "waits");
    }

    Options options_;
    Campaign& campaign_;
    std::uint32_t first_variable_;
    LeftQueue left_to_right_;
    std::uint32_t second_variable_;
    RightQueue right_to_left_;
    LeftEndpoint left_endpoint_{left_to_right_, right_to_left_};
    RightEndpoint right_endpoint_{right_to_left_, left_to_right_};
    std::array<typename M::Platform::template Atomic<bool>, has_flags ? 2 : 0> done_{};
    std::array<Rest<typename M::Platform::template Atomic<std::uint64_t>>, may_both_rest ? 2 : 0>
        rests_{};
    typename V::Left left_{};
    typename V::Right right_{};
    typename M::template Kept<Judged> judged_;
};

}  // namespace parley::checker
