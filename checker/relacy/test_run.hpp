#pragma once

#include "parley/checker/drive.hpp"
#include "parley/checker/relacy/campaign.hpp"
#include "parley/checker/relacy/platform.hpp"
#include "parley/checker/relacy/simulate.hpp"
#include "parley/checker/witness.hpp"
#include "parley/protocols/model/endpoint.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/shadow.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::checker::relacy {

template <class Run, model::Party party>
class PartyPort;

/// One run of a protocol between Relacy's two threads: its scripts, production endpoints over the
/// production queue, and the witness. `V` and `C` are the same variant under RelacyPlatform and
/// under CheckPlatform.
template <class V, class C>
class TestRun {
 public:
    using Options = typename V::Options;
    using LeftOutbox = typename decltype(V::Left::role)::Outbox;
    using RightOutbox = typename decltype(V::Right::role)::Outbox;
    using LeftQueue = typename V::template Queue<LeftOutbox>;
    using RightQueue = typename V::template Queue<RightOutbox>;
    using LeftEndpoint = model::Endpoint<LeftOutbox, RightOutbox, LeftQueue, RightQueue>;
    using RightEndpoint = model::Endpoint<RightOutbox, LeftOutbox, RightQueue, LeftQueue>;
    template <model::Party party>
    using EndpointOf = std::conditional_t<party == model::Party::left, LeftEndpoint, RightEndpoint>;
    using ObjectId = specs::model::ObjectId;

    /// `page`: what the roles must conform to, or null.
    TestRun(const Options& options, Campaign& campaign, const Conformance* page)
        : options_(options),
          campaign_(campaign),
          first_variable_(variables_made()),
          left_to_right_(specs::model::capacity_of(options)),
          second_variable_(variables_made()),
          right_to_left_(specs::model::capacity_of(options)),
          witness_(specs::model::capacity_of(options), campaign.recorder,
                   {page, campaign.coverage ? &*campaign.coverage : nullptr}) {
        campaign_.names = {{LeftRole::name, RightRole::name},
                           {first_variable_, second_variable_},
                           left_to_right_.capacity()};
    }

    void thread(unsigned index) {
        if (index == 0) {
            PartyPort<TestRun, model::Party::left> port{*this};
            drive(left_, options_, port);
        } else {
            PartyPort<TestRun, model::Party::right> port{*this};
            drive(right_, options_, port);
        }
    }

    void after() {
        witness_.end();
        campaign_.sent_kinds |= witness_.sent_kinds();
        ++campaign_.ends;
        stop_if_violated();
    }

    const Options& options() const { return options_; }
    WitnessOf<C>& witness() { return witness_; }

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
        if (!witness_.is_violated()) [[likely]]
            return;
        campaign_.violation = witness_.violation();
        fail(campaign_.violation->sentence);
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

    void name_object(std::uint32_t number, ObjectId id) {
        if (names_.size() <= number) names_.resize(number + 1U);
        names_[number] = id;
    }
    template <class OwnedOrAlias>
    ObjectId object_named(const OwnedOrAlias& object) const {
        if constexpr (requires { object.alias(); }) {
            return object_named(object.alias());
        } else {
            return object == nullptr ? ObjectId{} : names_[object->header.number];
        }
    }

    template <model::Party party>
    std::string state() {
        const auto& role = script<party>().role;
        return fmt::format("{} ({})", role.name, describe_state(role));
    }

    template <model::Party party>
    void end_step() {
        note_progress();
        if (campaign_.recorder == nullptr) [[likely]]
            return;
        take_down();
        if (campaign_.recorder->is_in_step(party)) {
            campaign_.recorder->end_step(party, describe_state(script<party>().role));
        }
    }

    void take_down() { campaign_.take_down(); }

    bool is_done(model::Party party) {
        return done_[index_of(party)].load(std::memory_order_acquire);
    }
    void finish(model::Party party) {
        if constexpr (has_may_end) done_[index_of(party)].store(true, std::memory_order_release);
    }

 private:
    using LeftRole = decltype(V::Left::role);
    using RightRole = decltype(V::Right::role);
    static constexpr bool has_may_end = specs::model::MayEnd<typename V::Left, Options> ||
                                        specs::model::MayEnd<typename V::Right, Options>;

    Options options_;
    Campaign& campaign_;
    std::uint32_t first_variable_;
    LeftQueue left_to_right_;
    std::uint32_t second_variable_;
    RightQueue right_to_left_;
    LeftEndpoint left_endpoint_{left_to_right_, right_to_left_};
    RightEndpoint right_endpoint_{right_to_left_, left_to_right_};
    std::array<RelacyPlatform::Atomic<bool>, has_may_end ? 2 : 0> done_{};
    typename V::Left left_{};
    typename V::Right right_{};
    WitnessOf<C> witness_;
    std::vector<ObjectId> names_;
};

}  // namespace parley::checker::relacy
