#pragma once

#include "parley/checker/campaign.hpp"
#include "parley/checker/describe.hpp"
#include "parley/checker/drive.hpp"
#include "parley/checker/endings.hpp"
#include "parley/checker/memory_port.hpp"
#include "parley/checker/memory_watch.hpp"
#include "parley/checker/party_end.hpp"
#include "parley/checker/state_writer.hpp"
#include "parley/checker/witness.hpp"
#include "parley/protocols/model/endpoint.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/script.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
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
    static constexpr bool has_states = false;
    static void note_queues(const auto& /*left_to_right*/, const auto& /*right_to_left*/) {}
    static std::uint32_t number_of(const auto* object) { return object->header.number; }
};

/// One run of a protocol between two threads of an engine with a memory model: its scripts,
/// production endpoints over queues, and what looks on. `V` and `C` are the same variant under the
/// engine's platform and under CheckPlatform. `M` is the engine:
/// - `Platform`, `Queue<V, T>`: what shared memory is made of, and the queue for messages `T`,
/// - `variables_made()`: how many atomics and cells there are so far,
/// - `choose(count)`, `fail(sentence)`, which does not return,
/// - `end_step(script)`: something has happened, or all begins; `wait(script)`: nothing has;
///   `may_leave()`: see drive(); `is_over()`: after() has been called, and all has come to its end,
/// - `has_channels`: the queues are channels of the engine; `has_flags`: parties tell each other
///   through memory that they are done; `puts_off`: see drive(),
/// - `has_states`: it may ask for all that decides how a run goes on. Then `answers()` is what a
///   step depends on, or null; `write_producer(queue, writer)` and `write_consumer` write what an
///   end of a queue remembers,
/// - `outside(work)`: does what is not under check and returns its result; `Kept<T>`: what such
///   work keeps for the run; `note_queues(left_to_right, right_to_left)`: where they are,
/// - `number_of(object)`: of an object of `Platform`, in the order in which the run makes them.
///
/// The last ones DirectMemory has, for an engine to which all code is the same.
template <class V, class C, class M>
class MemoryRun {
 public:
    using Options = typename V::Options;

    /// `page`: what the roles must conform to, or null.
    MemoryRun(const Options& options, Campaign& campaign, const Conformance* page)
        : options_(options),
          first_variable_(M::variables_made()),
          left_to_right_(specs::model::capacity_of(options)),
          second_variable_(M::variables_made()),
          right_to_left_(specs::model::capacity_of(options)),
          watch_(specs::model::capacity_of(options), campaign, page) {
        watch_.begin(left_to_right_, right_to_left_,
                     {{left_.role.name, right_.role.name},
                      {first_variable_, second_variable_},
                      left_to_right_.capacity(),
                      M::has_channels});
    }

    void thread(unsigned index) {
        index == 0 ? run<model::Party::left>(left_, left_endpoint_)
                   : run<model::Party::right>(right_, right_endpoint_);
    }

    /// Both parties have come to their end.
    void after() { watch_.end(); }

    /// No party can move any more. Whether all has come to its end.
    bool after(std::array<PartyEnd, 2> ends) {
        if (ends[0] == PartyEnd::cut || ends[1] == PartyEnd::cut) return false;
        const bool is_left_over = is_over_for<model::Party::left>(left_, ends);
        const bool is_right_over = is_over_for<model::Party::right>(right_, ends);
        if (is_left_over && is_right_over) {
            after();
            return true;
        }
        watch_.stuck({ends[0] == PartyEnd::done, ends[1] == PartyEnd::done},
                     describe_rest(left_.role, is_left_over),
                     describe_rest(right_.role, is_right_over));
        return false;
    }

    // For an engine that keeps states: all that decides how the run goes on, as bytes.

    /// The script of the thread, between its steps, and what it remembers of its queues.
    void write_script(unsigned index, std::vector<std::byte>& to)
        requires(M::has_states)
    {
        StateWriter writer(to, watch_.names());
        if (index == 0) {
            writer(left_);
            write_ends(left_to_right_, right_to_left_, writer);
        } else {
            writer(right_);
            write_ends(right_to_left_, left_to_right_, writer);
        }
    }
    /// What the witness knows.
    void write_witness(std::vector<std::byte>& to) { watch_.write_witness(to); }
    /// What belongs to no thread.
    void write_shared(std::vector<std::byte>& to)
        requires(M::has_states)
    {
        watch_.write(to);
    }

 private:
    using LeftOutbox = typename decltype(V::Left::role)::Outbox;
    using RightOutbox = typename decltype(V::Right::role)::Outbox;
    using LeftQueue = typename M::template Queue<V, LeftOutbox>;
    using RightQueue = typename M::template Queue<V, RightOutbox>;
    using LeftEndpoint = model::Endpoint<LeftOutbox, RightOutbox, LeftQueue, RightQueue>;
    using RightEndpoint = model::Endpoint<RightOutbox, LeftOutbox, RightQueue, LeftQueue>;
    using Watch = MemoryWatch<WitnessOf<C>, LeftOutbox, RightOutbox, M>;
    static constexpr bool may_left_rest = specs::model::MayEnd<typename V::Left, Options>;
    static constexpr bool may_right_rest = specs::model::MayEnd<typename V::Right, Options>;
    using EndingsOfRun =
        Endings<typename M::Platform, M::has_flags && (may_left_rest || may_right_rest),
                M::has_flags && may_left_rest && may_right_rest>;

    static void write_ends(const auto& outbox, const auto& inbox, StateWriter& writer) {
        M::write_producer(outbox, writer);
        M::write_consumer(inbox, writer);
    }

    /// One that is not done leaves nothing in its inbox.
    template <model::Party party, class Script>
    bool is_over_for(const Script& script, const std::array<PartyEnd, 2>& ends) const {
        const PartyEnd end = ends[model::index_of(party)];
        const bool may_rest = may_end(script, options_) && watch_.is_inbox_empty(party);
        return end == PartyEnd::done || (end == PartyEnd::stuck && may_rest);
    }

    template <model::Party party, class Script, class Endpoint>
    void run(Script& script, Endpoint& endpoint) {
        MemoryPort<Script, Options, Endpoint, Watch, EndingsOfRun, party> port{
            script, options_, endpoint, watch_, endings_};
        M::end_step(script);
        drive(script, options_, port);
    }

    Options options_;
    std::uint32_t first_variable_;
    LeftQueue left_to_right_;
    std::uint32_t second_variable_;
    RightQueue right_to_left_;
    LeftEndpoint left_endpoint_{left_to_right_, right_to_left_};
    RightEndpoint right_endpoint_{right_to_left_, left_to_right_};
    EndingsOfRun endings_;
    typename V::Left left_{};
    typename V::Right right_{};
    Watch watch_;
};

}  // namespace parley::checker
