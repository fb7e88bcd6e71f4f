#include "parley/checker/rc11/protocol/queue_check.hpp"

#include "parley/checker/bounds.hpp"
#include "parley/checker/campaign.hpp"
#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/protocol/channel.hpp"
#include "parley/checker/rc11/protocol/platform.hpp"
#include "parley/checker/rc11/protocol/runner.hpp"
#include "parley/checker/rc11/protocol/test_of.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/require.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// Not in the unnamed namespace: reflection needs a name with linkage.
struct QueueBounds {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound pushes{8, 1, 20};  ///< that the producer tries
    specs::model::Bound pops{8, 1, 20};    ///< that the consumer tries
};

namespace {

using Options = QueueBounds;

using checker::Campaign;
using checker::CheckOptions;
using model::Party;
using model::QueueOrders;
using specs::model::Mutant;
namespace property = specs::model::property;

constexpr std::string_view name = "spsc_queue";
constexpr std::string_view refinement = "refinement";

/// What both were told, as text: "110/0-1" is two items pushed and one refused, two popped and
/// between them none.
using Outcomes = std::set<std::string>;

/// Plain memory of the user's that the queue has to order.
using Guarded = std::array<std::uint32_t, parties>;

/// One run of the producer and the consumer.
template <class Queue>
class Run {
 public:
    /// `allowed`: the outcomes that there may be, or null; `seen` gets those that there are.
    Run(const Options& options, Campaign& campaign, const Outcomes* allowed, Outcomes* seen)
        : options_(options), campaign_(campaign), allowed_(allowed), seen_(seen) {
        const std::uint32_t first = Machine::current().variables_made();
        queue_ = std::make_unique<Queue>(static_cast<std::size_t>(options.capacity.value));
        campaign_.names = {{"producer", "consumer"}, {first, UINT32_MAX}, queue_->capacity()};
        before_push_.resize(static_cast<std::size_t>(options.pushes) + 1);
        before_pop_.resize(static_cast<std::size_t>(options.pushes) + 1);
    }

    void thread(unsigned index) {
        const int tries = index == 0 ? options_.pushes : options_.pops;
        for (int i = 0; i < tries; ++i) {
            index == 0 ? push() : pop();
            if (campaign_.recorder == nullptr) continue;
            campaign_.take_down();
            campaign_.recorder->end_step(index == 0 ? Party::left : Party::right, told_[index]);
        }
    }

    void after(std::array<checker::PartyEnd, parties>) {
        ++campaign_.ends;
        const std::string outcome = told_[0] + "/" + told_[1];
        if (seen_ != nullptr) seen_->insert(outcome);
        if (allowed_ == nullptr || allowed_->contains(outcome)) return;
        Machine::current().fail({std::string{refinement},
                                 "what the queue tells its users a channel could tell them",
                                 fmt::format("{}: the pushes that found room (1) or did not (0), "
                                             "and the items that were popped (or none, -)",
                                             outcome)});
    }

 private:
    void push() {
        touch(before_push_[sent_]);
        const bool has_room = queue_->try_emplace(static_cast<int>(sent_));
        told_[0] += has_room ? '1' : '0';
        note(Party::left, has_room, sent_);
        if (!has_room) return;
        if (sent_ >= queue_->capacity()) touch(before_pop_[sent_ - queue_->capacity()]);
        ++sent_;
    }

    void pop() {
        const int* const oldest = queue_->front();
        if (oldest == nullptr) {
            told_[1] += '-';
            return;
        }
        const int item = *oldest;
        told_[1] += fmt::format("{}", item);
        if (item != static_cast<int>(taken_)) {
            Machine::current().fail({std::string{property::delivery},
                                     "a queue delivers each item once and in order",
                                     fmt::format("{} instead of {}", item, taken_)});
        }
        note(Party::right, true, taken_);
        touch(before_push_[taken_]);
        touch(before_pop_[taken_]);
        queue_->pop();
        ++taken_;
    }

    /// The user of the queue does something that must be ordered.
    static void touch(Guarded& uses) {
        if (Machine::current().use(uses)) return;
        Machine::current().fail({std::string{property::data_race},
                                 "two accesses to plain memory are ordered",
                                 "nothing orders what the two users of the queue do before a push "
                                 "and after its pop, or before a pop and after its push"});
    }

    void note(Party party, bool is_done, std::size_t item) {
        if (campaign_.recorder == nullptr) return;
        campaign_.take_down();
        const std::string text = fmt::format("Item({})", item);
        if (party == Party::right) {
            campaign_.recorder->receive(party, text);
        } else if (is_done) {
            campaign_.recorder->send(party, text);
        } else {
            campaign_.recorder->add(party, checker::EventKind::refuse, text);
        }
    }

    const Options& options_;
    Campaign& campaign_;
    const Outcomes* allowed_;
    Outcomes* seen_;
    std::unique_ptr<Queue> queue_;
    std::vector<Guarded> before_push_;  ///< by item: written before it is pushed
    std::vector<Guarded> before_pop_;   ///< by item: written before it is popped
    std::size_t sent_ = 0;
    std::size_t taken_ = 0;
    std::array<std::string, parties> told_;
};

template <class Queue>
std::unique_ptr<Test> test_of(const Options& options, Campaign& campaign, const Outcomes* allowed,
                              Outcomes* seen) {
    auto make = [options, &campaign, allowed, seen] {
        return Run<Queue>{options, campaign, allowed, seen};
    };
    return std::make_unique<TestOf<decltype(make)>>(std::move(make));
}

Outcomes outcomes_of_channel(const Options& options) {
    Outcomes outcomes;
    Campaign campaign;
    const auto test = test_of<Channel<int>>(options, campaign, nullptr, &outcomes);
    Machine machine(*test);
    static_cast<void>(explore(machine));
    checker::require(!machine.failure(), "a channel is a channel");
    return outcomes;
}

/// They are found once for all runs with the same bounds.
class AllowedOutcomes {
 public:
    const Outcomes* of(const Options& options) {
        const std::array<int, 3> key{options.capacity, options.pushes, options.pops};
        const auto found = outcomes_.find(key);
        if (found != outcomes_.end()) return &found->second;
        return &outcomes_.emplace(key, outcomes_of_channel(options)).first->second;
    }

 private:
    std::map<std::array<int, 3>, Outcomes> outcomes_;
};

template <class Queue>
checker::VariantEntry variant(const Mutant& mutant) {
    const auto describe = [mutant](const CheckOptions& check) {
        return checker::Subject{
            .protocol = std::string{name},
            .mutant = std::string{mutant.name},
            .roles = {"producer", "consumer"},
            .messages = {},
            .bounds = checker::bound_values(checker::options_with<Options>(check.bounds))};
    };
    const auto allowed = std::make_shared<AllowedOutcomes>();
    const auto make_test = [allowed](const CheckOptions& check, Campaign& campaign) {
        const auto options = checker::options_with<Options>(check.bounds);
        const Outcomes* const outcomes = allowed->of(options);
        return has_channels(check) ? test_of<Channel<int>>(options, campaign, outcomes, nullptr)
                                   : test_of<Queue>(options, campaign, outcomes, nullptr);
    };
    return rc11_entry_of(mutant, describe, make_test);
}

template <QueueOrders orders = QueueOrders{}>
using QueueWith = model::SpscQueue<int, model::dynamic_capacity, Rc11Platform, orders>;

/// Takes one element more than it has room for.
struct Overfull : QueueWith<> {
    explicit Overfull(std::size_t capacity) : QueueWith<>(capacity, capacity + 1) {}
};
/// Never takes as many elements as it has room for.
struct Wasteful : QueueWith<> {
    explicit Wasteful(std::size_t capacity) : QueueWith<>(capacity, capacity - 1) {}
};

Mutant mutant(std::string_view mutant_name, std::string_view plants,
              std::array<std::string_view, 8> fails) {
    return {.name = mutant_name, .plants = plants, .properties = fails, .seen_by_rc11 = true};
}

constexpr auto relaxed = std::memory_order_relaxed;

}  // namespace

checker::ProtocolEntry queue_entry() {
    std::vector<checker::VariantEntry> variants;
    variants.push_back(variant<QueueWith<>>({}));
    variants.push_back(variant<QueueWith<{.publish = relaxed}>>(
        mutant("relaxed_publish", "the producer hands elements over with a relaxed store",
               {property::data_race})));
    variants.push_back(variant<QueueWith<{.observe = relaxed}>>(
        mutant("relaxed_observe", "the consumer looks for elements with a relaxed load",
               {property::data_race})));
    variants.push_back(variant<QueueWith<{.vacate = relaxed}>>(
        mutant("relaxed_vacate", "the consumer gives room back with a relaxed store",
               {property::data_race})));
    variants.push_back(variant<QueueWith<{.reclaim = relaxed}>>(
        mutant("relaxed_reclaim", "the producer looks for room with a relaxed load",
               {property::data_race})));
    variants.push_back(
        variant<Overfull>(mutant("overfull", "the check for full is off by one",
                                 {property::data_race, property::delivery, refinement})));
    variants.push_back(variant<Wasteful>(
        mutant("wasteful", "the queue is full with one element less", {refinement})));
    return {.name = name,
            .summary = "the queue itself, against the channel that stands for it",
            .left = "producer",
            .right = "consumer",
            .bounds = checker::bound_entries<Options>(),
            .engines = {{"rc11", std::move(variants)}},
            .is_queue = true};
}

}  // namespace parley::rc11
