#include "parley/checker/rc11/merging.hpp"

#include "parley/checker/dictionary.hpp"
#include "parley/checker/rc11/consistency.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace parley::rc11 {

namespace {

using checker::Dictionary;
using checker::require;
using Kind = Operation::Kind;

/// How many executions go on from somewhere.
struct Tally {
    std::uint64_t complete = 0;
    std::uint64_t blocked = 0;

    void add(const Tally& more) {
        if (__builtin_add_overflow(complete, more.complete, &complete)) complete = UINT64_MAX;
        if (__builtin_add_overflow(blocked, more.blocked, &blocked)) blocked = UINT64_MAX;
    }
};

/// What a thread can do at a load.
enum class Way : std::uint8_t { sees, misses, waits };

enum class Stage : std::uint8_t { not_begun, running, waiting, at_rest };

/// A place on the way to the present state at which there is more than one way on.
struct Fork {
    std::uint32_t ways = 0;  ///< how many are left, this one included
    std::uint32_t way = 0;
    std::optional<Dictionary::Id> state;  ///< that it is the first one to be at
    Tally found = {};
};

class MergingExplorer final : private Execution {
 public:
    MergingExplorer(Program& program, const MergeOptions& options)
        : program_(program), options_(options) {}

    MergeResult explore() {
        program_.prepare(*graph_);
        do {
            run();
        } while (!is_over() && turn_to_next());
        result_.complete = all_.complete;
        result_.blocked = all_.blocked;
        result_.states = states_.size();
        return std::move(result_);
    }

 private:
    struct Thread {
        std::optional<LocationId> awaited;  ///< it goes on when this flag is up
        bool is_at_rest = false;            ///< ended or blocked
    };

    /// Takes the ways of the forks and, from the last one on, the first of each.
    void run() {
        graph_->clear(program_.initial_threads());
        threads_.assign(program_.initial_threads(), {});
        taken_ = 0;
        is_merged_ = false;
        ++result_.runs;
        program_.run(*this);
        require(taken_ == forks_.size(), "a program that is run again does the same");
        if (is_merged_ || !result_.limit.empty()) return;
        const bool is_complete = options_.on_end(*graph_);
        if (is_complete) found().add({.complete = 1});
        const bool is_stranded = std::ranges::any_of(
            threads_, [](const Thread& thread) { return thread.awaited.has_value(); });
        if (!is_complete && !is_stranded) found().add({.blocked = 1});
    }

    bool is_over() {
        if (result_.runs >= options_.runs_max) {
            result_.limit = fmt::format("{} runs", options_.runs_max);
        }
        if (options_.must_stop()) result_.limit = "stopped";
        return !result_.limit.empty();
    }

    /// To the next way of the last fork that has one; what lies behind the others is known.
    bool turn_to_next() {
        while (!forks_.empty()) {
            Fork& last = forks_.back();
            if (++last.way < last.ways) return true;
            const Tally tally = last.found;
            if (last.state) tallies_[*last.state] = tally;
            forks_.pop_back();
            found().add(tally);
        }
        return false;
    }

    Tally& found() { return forks_.empty() ? all_ : forks_.back().found; }

    /// Which of so many ways is taken now; nothing: what follows is known.
    std::optional<std::uint32_t> choose(std::uint32_t ways, bool is_state) {
        if (taken_ < forks_.size()) return forks_[taken_++].way;
        Fork fork;
        fork.ways = ways;
        if (is_state) {
            const Dictionary::Id state = states_.number_of(present_state());
            if (state < tallies_.size() && tallies_[state]) {
                found().add(*tallies_[state]);
                is_merged_ = true;
                return std::nullopt;
            }
            if (state == tallies_.size()) {
                tallies_.emplace_back();
                fork.state = state;
            }
        }
        forks_.push_back(fork);
        ++taken_;
        return 0;
    }

    std::span<const std::byte> present_state() {
        state_.clear();
        for (ThreadId thread = 0; thread < threads_.size(); ++thread) {
            state_.push_back(static_cast<std::byte>(stage_of(thread)));
        }
        options_.write_state(state_);
        return state_;
    }

    Stage stage_of(ThreadId thread) const {
        if (thread == running_) return Stage::running;
        if (threads_[thread].is_at_rest) return Stage::at_rest;
        return threads_[thread].awaited ? Stage::waiting : Stage::not_begun;
    }

    std::optional<ThreadId> next_thread() override {
        for (ThreadId thread = 0; thread < threads_.size(); ++thread) {
            if (can_run(thread)) {
                running_ = thread;
                return thread;
            }
        }
        return std::nullopt;
    }
    bool can_run(ThreadId thread) const {
        const Thread& state = threads_[thread];
        return !state.is_at_rest && (!state.awaited || is_up(*state.awaited));
    }
    bool is_up(LocationId flag) const {
        return flag < graph_->locations() && graph_->location(flag).order.size() > 1;
    }

    Answer perform(ThreadId thread, const Operation& operation) override {
        if (!result_.limit.empty()) return {Answer::Kind::leave};
        if (graph_->size() >= options_.events_max) {
            result_.limit = fmt::format("{} events in one execution", options_.events_max);
            return {Answer::Kind::leave};
        }
        switch (operation.kind) {
            case Kind::load:
                return load(thread, operation);
            case Kind::store:
                require(!is_up(operation.location), "a flag is raised once");
                return done(graph_->add_write(thread, operation, operation.value, 1));
            case Kind::choose:
                return choose_option(thread, operation);
            case Kind::end:
                threads_[thread].is_at_rest = true;
                break;
            case Kind::begin:
                break;
            default:
                require(false, "threads that tell each other by flags do nothing else");
        }
        return done(graph_->add_other(thread, operation, initial, 0));
    }

    Answer load(ThreadId thread, const Operation& operation) {
        const auto way = way_of(thread, operation.location);
        if (!way) return {Answer::Kind::leave};
        threads_[thread].awaited.reset();
        if (*way == Way::waits) {
            threads_[thread].awaited = operation.location;
            return {Answer::Kind::wait};
        }
        const EventId source =
            *way == Way::misses ? initial : graph_->location(operation.location).order.back();
        return done(graph_->add_read(thread, operation, source));
    }

    /// Nothing: what follows is known.
    std::optional<Way> way_of(ThreadId thread, LocationId flag) {
        if (threads_[thread].awaited) return Way::sees;
        if (is_up(flag)) {
            const ConstClock seen = graph_->seen_by(thread, Seen::happens_before);
            if (observed_position(*graph_, seen, flag) > 0) return Way::sees;
            const auto way = choose(2, true);
            if (!way) return std::nullopt;
            return *way == 0 ? Way::sees : Way::misses;
        }
        if (!is_anyone_left(thread)) return Way::misses;
        const auto way = choose(2, true);
        if (!way) return std::nullopt;
        return *way == 0 ? Way::misses : Way::waits;
    }

    /// Who might raise a flag that `thread` waits for.
    bool is_anyone_left(ThreadId thread) const {
        for (ThreadId other = 0; other < threads_.size(); ++other) {
            if (other != thread && can_run(other)) return true;
        }
        return false;
    }

    Answer choose_option(ThreadId thread, const Operation& operation) {
        const auto option = choose(static_cast<std::uint32_t>(operation.value), false);
        return done(graph_->add_other(thread, operation, initial, *option));
    }

    Answer done(EventId event) { return {Answer::Kind::done, event, graph_->at(event).value}; }

    Answer::Kind block(ThreadId thread, Wait /*wait*/) override {
        threads_[thread].is_at_rest = true;
        return Answer::Kind::wait;
    }
    void fail(ThreadId /*thread*/, const std::string& /*property*/) override {}
    const Graph& graph() const override { return *graph_; }
    ThreadId new_thread(ThreadId creator) override { return creator; }
    void set_initial_value(LocationId location, Value value) override {
        require(value == 0, "a flag is down at first");
        graph_->set_initial_value(location, value);
    }
    EventId last_event(ThreadId thread) const override { return graph_->thread(thread).back(); }

    Program& program_;
    const MergeOptions& options_;
    std::unique_ptr<Graph> graph_ = std::make_unique<Graph>();  ///< outlives a jump out of a run
    std::vector<Thread> threads_;
    ThreadId running_ = 0;
    std::vector<Fork> forks_;
    std::size_t taken_ = 0;  ///< of the forks, in this run
    bool is_merged_ = false;
    Dictionary states_;
    std::vector<std::optional<Tally>> tallies_;  ///< by state; none: it is on the way
    std::vector<std::byte> state_;               ///< scratch
    Tally all_;
    MergeResult result_;
};

}  // namespace

MergeResult explore_merging(Program& program, const MergeOptions& options) {
    return MergingExplorer(program, options).explore();
}

}  // namespace parley::rc11
