#pragma once

#include "parley/checker/drive.hpp"
#include "parley/checker/endings.hpp"
#include "parley/protocols/model/endpoint.hpp"
#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/log.hpp"
#include "parley/stress/thread_port.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace parley::stress {

/// How an execution comes to its end.
template <bool may_both_rest>
class ThreadEndings : public checker::Endings<model::StdPlatform, true, may_both_rest> {
 public:
    /// A property has failed: neither party need wait for the other any more. Orders nothing.
    void give_up() { is_given_up_.store(true, std::memory_order_relaxed); }
    bool is_given_up() const { return is_given_up_.load(std::memory_order_relaxed); }

 private:
    std::atomic<bool> is_given_up_{false};
};

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

    Instance(const Options& options, std::uint64_t seed, Logs<Entry>& logs)
        : options_(options),
          seed_(seed),
          logs_(logs),
          left_to_right_(specs::model::capacity_of(options)),
          right_to_left_(specs::model::capacity_of(options)) {}

    void left(Side& side) { run<model::Party::left>(left_, left_endpoint_, side); }
    void right(Side& side) { run<model::Party::right>(right_, right_endpoint_, side); }

    /// Both parties came to their end by themselves.
    bool is_over() const {
        return endings_.is_done(model::Party::left) && endings_.is_done(model::Party::right);
    }

 private:
    using Endings = ThreadEndings<specs::model::MayEnd<typename V::Left, Options> &&
                                  specs::model::MayEnd<typename V::Right, Options>>;

    template <model::Party party, class Script, class Endpoint>
    void run(Script& script, Endpoint& endpoint, Side& side) {
        ThreadPort<Script, Options, Endpoint, Entry, Endings, party> port{
            script,
            options_,
            endpoint,
            logs_[model::index_of(party)],
            endings_,
            side,
            mix(seed_ + model::index_of(party))};
        checker::drive(script, options_, port);
    }

    Options options_;
    std::uint64_t seed_;
    Logs<Entry>& logs_;
    LeftQueue left_to_right_;
    RightQueue right_to_left_;
    LeftEndpoint left_endpoint_{left_to_right_, right_to_left_};
    RightEndpoint right_endpoint_{right_to_left_, left_to_right_};
    Endings endings_;
    alignas(model::line_bytes) typename V::Left left_{};
    alignas(model::line_bytes) typename V::Right right_{};
};

}  // namespace parley::stress
