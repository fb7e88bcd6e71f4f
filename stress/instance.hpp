#pragma once

#include "parley/checker/drive.hpp"
#include "parley/checker/rest.hpp"
#include "parley/protocols/model/endpoint.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/log.hpp"
#include "parley/stress/thread_port.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace parley::stress {

/// One run of a protocol between two real threads: its scripts, production endpoints over the
/// production queue, and a log for each thread. `V` and `C` are the same variant under StdPlatform
/// and under CheckPlatform.
template <class V, class C>
class Instance {
 public:
    using Entry = LogEntryOf<C>;
    using Options = typename V::Options;
    using LeftOutbox = typename decltype(V::Left::role)::Outbox;
    using RightOutbox = typename decltype(V::Right::role)::Outbox;
    using LeftQueue = typename V::template Queue<LeftOutbox>;
    using RightQueue = typename V::template Queue<RightOutbox>;
    using LeftEndpoint = model::Endpoint<LeftOutbox, RightOutbox, LeftQueue, RightQueue>;
    using RightEndpoint = model::Endpoint<RightOutbox, LeftOutbox, RightQueue, LeftQueue>;
    template <model::Party party>
    using EndpointOf = std::conditional_t<party == model::Party::left, LeftEndpoint, RightEndpoint>;
    template <model::Party party>
    using OutboxOf = std::conditional_t<party == model::Party::left, LeftOutbox, RightOutbox>;

    Instance(const Options& options, std::uint64_t seed, Logs<Entry>& logs)
        : options_(options),
          seed_(seed),
          logs_(logs),
          left_to_right_(specs::model::capacity_of(options)),
          right_to_left_(specs::model::capacity_of(options)) {}

    template <model::Party party>
    void run(Side& side) {
        ThreadPort<Instance, party> port{*this, side, mix(seed_ + model::index_of(party))};
        checker::drive(script<party>(), options_, port);
    }

    const Options& options() const { return options_; }
    std::vector<Entry>& log(model::Party party) { return logs_[model::index_of(party)]; }

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

    bool is_done(model::Party party) const {
        return done_[model::index_of(party)].load(std::memory_order_acquire);
    }
    /// Both parties came to their end by themselves.
    bool is_over() const { return is_done(model::Party::left) && is_done(model::Party::right); }
    /// A property has failed: neither party need wait for the other any more. Orders nothing.
    void give_up() { is_given_up_.store(true, std::memory_order_relaxed); }
    bool is_given_up() const { return is_given_up_.load(std::memory_order_relaxed); }
    /// Both parties are at rest. Where one is done at the end, the other one waits for that.
    template <model::Party party>
    bool is_all_at_rest(std::uint32_t sent, std::uint32_t received) {
        if constexpr (specs::model::MayEnd<typename V::Left, Options> &&
                      specs::model::MayEnd<typename V::Right, Options>) {
            rests_[model::index_of(party)].tell(sent, received);
            return rests_[model::index_of(model::other(party))].matches(sent, received);
        }
        return false;
    }
    void finish(model::Party party) {
        done_[model::index_of(party)].store(true, std::memory_order_release);
    }

 private:
    Options options_;
    std::uint64_t seed_;
    Logs<Entry>& logs_;
    LeftQueue left_to_right_;
    RightQueue right_to_left_;
    LeftEndpoint left_endpoint_{left_to_right_, right_to_left_};
    RightEndpoint right_endpoint_{right_to_left_, left_to_right_};
    std::array<std::atomic<bool>, 2> done_{};
    std::array<checker::Rest<std::atomic<std::uint64_t>>, 2> rests_{};
    std::atomic<bool> is_given_up_{false};
    alignas(model::line_bytes) typename V::Left left_{};
    alignas(model::line_bytes) typename V::Right right_{};
};

}  // namespace parley::stress
