#include "parley/checker/rc11/merging.hpp"

#include "parley/checker/rc11/consistency.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace parley::rc11 {

namespace {

using checker::require;
using Kind = Operation::Kind;

enum class Stage : std::uint8_t { running, ready, waiting, joining, at_rest };

/// What a thread waits for: a write that comes after this position.
struct Awaited {
    LocationId location = 0;
    std::size_t position = 0;
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
        if (result_.limit.empty()) end_unit();
        result_.states = states_.size();
        return std::move(result_);
    }

 private:
    struct Thread {
        EventId creation = initial;
        EventId end = initial;
        std::optional<Awaited> awaited;
        std::optional<ThreadId> joined;  ///< who has to end first
        bool has_begun = false;
        bool is_blocked = false;

        bool is_at_rest() const { return is_blocked || end != initial; }
    };
    /// What a load has asked for: a way to go on, of so many.
    struct Question {
        std::size_t ways = 0;
        bool is_answered = false;
        std::optional<std::uint32_t> way = std::nullopt;  ///< none: the run is to be left
    };
    /// How far a run has come, the events of the graph among it.
    struct Progress {
        std::size_t size = 0;
        std::vector<Thread> threads;
        std::size_t begun = 0;  ///< threads
        ThreadId running = 0;
    };
    /// A place on the way to the present state at which there is more than one way on.
    struct Fork {
        std::uint32_t ways = 0;
        std::uint32_t way = 0;
        std::optional<StateTallies::Id> state = {};  ///< that it is the first one to be at
        Tally found = {};
        std::optional<Progress> kept = {};  ///< by the program as well, under the fork's number
    };

    /// Takes the ways of the forks and, from the last one on, the first of each.
    void run() {
        if (forks_.size() <= units_level()) begin_unit();
        question_.reset();
        is_left_ = false;
        const auto kept = std::ranges::find_if(
            forks_.rbegin(), forks_.rend(), [](const Fork& fork) { return fork.kept.has_value(); });
        const bool is_from_start = kept == forks_.rend() || result_.runs % runs_per_start == 0;
        ++result_.runs;
        is_from_start ? start() : go_on_from(static_cast<std::size_t>(forks_.rend() - kept) - 1);
        require(taken_ == forks_.size(), "a program that is run again does the same");
        if (is_left_ || result_.is_refused || !result_.limit.empty()) return;
        const bool is_complete = options_.on_end(*graph_);
        const bool is_stranded = std::ranges::any_of(
            threads(), [](const Thread& thread) { return thread.awaited.has_value(); });
        if (is_complete) {
            add({.complete = 1});
        } else if (!is_stranded) {
            add({.blocked = 1});
        }
    }

    void start() {
        graph_->clear(program_.initial_threads());
        progress_ = {};
        progress_.threads.resize(program_.initial_threads());
        taken_ = 0;
        program_.run(*this);
    }
    void go_on_from(std::size_t number) {
        const Fork& fork = forks_[number];
        graph_->cut(fork.kept->size);
        progress_ = *fork.kept;
        taken_ = number + 1;
        question_ = Question{fork.ways, true, fork.way};
        program_.resume(*this, number);
    }
    /// The last fork, to go on from there: running up to it again takes longer.
    void keep() {
        constexpr std::size_t kept_max = 256;
        if (forks_.size() > kept_max || failed_in_a_row_ == failed_max) return;
        failed_in_a_row_ = program_.save(forks_.size() - 1) ? 0 : failed_in_a_row_ + 1;
        if (failed_in_a_row_ > 0) return;
        progress_.size = graph_->size();
        forks_.back().kept = progress_;
    }

    bool is_over() {
        if (has_executions(options_.executions_max)) {
            result_.limit = fmt::format("{} executions", options_.executions_max);
        }
        if (options_.must_stop()) result_.limit = "stopped";
        if (options_.may_give_up && is_in_vain()) result_.is_refused = true;
        return result_.is_refused || !result_.limit.empty();
    }

    /// A run takes longer here than where no state is asked for, by one process instead of several.
    /// Nothing is come back to before the first runs have come to the depth of the search and back.
    bool is_in_vain() const {
        constexpr std::uint64_t runs_min = 256;
        constexpr std::uint64_t executions_per_run = 4;
        const std::uint64_t runs = result_.runs;
        return std::has_single_bit(runs) && runs >= std::max(runs_min, 4 * deepest_) &&
               result_.found.sum() / runs < std::min(executions_per_run, runs / (runs_min / 2));
    }

    /// No limit is reached by more than can be counted.
    bool has_executions(std::uint64_t count) const {
        return count != UINT64_MAX && result_.found.sum() >= count;
    }

    /// To the next way of the last fork that has one; what lies behind the others is known.
    bool turn_to_next() {
        while (!forks_.empty()) {
            Fork& last = forks_.back();
            if (++last.way < last.ways) return true;
            const Tally tally = last.found;
            if (last.state) states_.set(*last.state, tally);
            forks_.pop_back();
            if (!forks_.empty()) forks_.back().found.add(tally);
        }
        return false;
    }

    void add(const Tally& tally) {
        if (!is_own_unit_) return;
        if (!forks_.empty()) forks_.back().found.add(tally);
        result_.found.add(tally);
        options_.on_found(tally);
    }

    // A unit is what follows from one way through the forks near the root, or ends before the last
    // of them.

    std::size_t units_level() const { return options_.units == nullptr ? 0 : options_.units_level; }
    void begin_unit() {
        if (options_.units == nullptr) return;
        end_unit();
        is_own_unit_ = options_.units->begin(unit_);
        has_begun_ = true;
    }
    void end_unit() {
        if (has_begun_) options_.units->end(unit_++, is_own_unit_);
        has_begun_ = false;
    }

    /// Whether the next fork is one that an earlier run has come to.
    bool is_behind() const { return taken_ < forks_.size(); }

    /// Which of so many ways is taken now; nothing: what follows is known, or not this search's
    /// own.
    std::optional<std::uint32_t> choose(std::size_t ways, bool is_state) {
        const bool is_in_unit = forks_.size() >= units_level();
        if (is_in_unit && !is_own_unit_) return leave();
        Fork fork{.ways = static_cast<std::uint32_t>(ways)};
        if (is_state && is_in_unit && write_present_state()) {
            const auto [state, is_new] = states_.find(state_);
            if (const Tally* known = state ? states_.tally(*state) : nullptr) {
                add(*known);
                return leave();
            }
            if (is_new) fork.state = state;
        }
        forks_.push_back(std::move(fork));
        deepest_ = std::max<std::uint64_t>(deepest_, forks_.size());
        ++taken_;
        return 0;
    }
    std::nullopt_t leave() {
        is_left_ = true;
        return std::nullopt;
    }

    bool write_present_state() {
        state_.clear();
        for (ThreadId thread = 0; thread < threads().size(); ++thread) {
            append(state_, stage_of(thread));
            if (const auto& awaited = threads()[thread].awaited) {
                append(state_, newest(awaited->location) - awaited->position);
            }
        }
        return options_.write_state(state_);
    }

    Stage stage_of(ThreadId thread) const {
        const Thread& state = threads()[thread];
        if (thread == running()) return Stage::running;
        if (state.is_at_rest()) return Stage::at_rest;
        if (state.joined) return Stage::joining;
        return state.awaited ? Stage::waiting : Stage::ready;
    }

    /// Whoever has not begun does so before anything is asked: a state is one of threads that have.
    std::optional<ThreadId> next_thread() override {
        if (question_) {
            if (!question_->is_answered) answer(*question_);
            return running();
        }
        const auto is_next = [&](ThreadId thread) {
            return has_threads_to_begin() ? !threads()[thread].has_begun : can_run(thread);
        };
        ThreadId& next = progress_.running;
        for (next = 0; next < threads().size(); ++next) {
            if (is_next(next)) return next;
        }
        return std::nullopt;
    }
    void answer(Question& question) {
        const std::size_t before = forks_.size();
        question.way = choose(question.ways, true);
        question.is_answered = true;
        if (forks_.size() > before) keep();
    }
    bool has_threads_to_begin() const { return progress_.begun < threads().size(); }
    bool can_run(ThreadId thread) const {
        const Thread& state = threads()[thread];
        if (state.is_at_rest()) return false;
        if (state.joined) return threads()[*state.joined].end != initial;
        return !state.awaited || newest(state.awaited->location) > state.awaited->position;
    }
    std::size_t newest(LocationId location) const {
        return location < graph_->locations() ? graph_->location(location).order.size() - 1 : 0;
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
                return store(thread, operation);
            case Kind::choose:
                return choose_option(thread, operation);
            case Kind::create:
                return create(thread, operation);
            case Kind::begin:
                return begin(thread, operation);
            case Kind::join:
                return join(thread, operation);
            case Kind::end:
                threads()[thread].end = graph_->add_other(thread, operation, initial, 0);
                return done(threads()[thread].end);
            default:
                return refuse();
        }
    }

    Answer create(ThreadId thread, const Operation& operation) {
        threads().emplace_back().creation = graph_->add_other(thread, operation, initial, 0);
        return done(threads().back().creation);
    }
    Answer begin(ThreadId thread, const Operation& operation) {
        threads()[thread].has_begun = true;
        ++progress_.begun;
        return done(graph_->add_other(thread, operation, threads()[thread].creation, 0));
    }
    Answer join(ThreadId thread, const Operation& operation) {
        const EventId end = threads()[operation.child].end;
        if (end == initial) {
            threads()[thread].joined = operation.child;
            return {Answer::Kind::wait};
        }
        threads()[thread].joined.reset();
        return done(graph_->add_other(thread, operation, end, 0));
    }

    Answer refuse() {
        result_.is_refused = true;
        return {Answer::Kind::leave};
    }

    Answer store(ThreadId thread, const Operation& operation) {
        const std::size_t position = newest(operation.location) + 1;
        require(position <= options_.writes_max, "a location has as many writes as it can have");
        if (operation.order == Order::seq_cst || !is_ours(thread, operation.location)) {
            return refuse();
        }
        return done(graph_->add_write(thread, operation, operation.value,
                                      static_cast<std::uint32_t>(position)));
    }
    bool is_ours(ThreadId thread, LocationId location) const {
        if (newest(location) == 0) return true;
        return graph_->at(graph_->location(location).order.back()).thread == thread;
    }

    Answer load(ThreadId thread, const Operation& operation) {
        if (operation.order == Order::seq_cst) return refuse();
        if (has_threads_to_begin()) return {Answer::Kind::wait};
        const LocationId location = operation.location;
        const std::size_t oldest = oldest_readable(thread, location);
        const std::size_t last = newest(location);
        const std::size_t readable = last - oldest + 1;
        const std::size_t ways = readable + (may_wait(thread, location) ? 1 : 0);
        std::size_t way = 0;
        if (question_) {
            const auto chosen = std::exchange(question_, std::nullopt)->way;
            if (!chosen) return {Answer::Kind::leave};
            way = *chosen;
        } else if (ways > 1 && is_behind()) {
            way = forks_[taken_++].way;
        } else if (ways > 1) {
            question_ = Question{.ways = ways};
            return {Answer::Kind::wait};
        }
        if (way == readable) {
            threads()[thread].awaited = {location, last};
            return {Answer::Kind::wait};
        }
        threads()[thread].awaited.reset();
        const std::size_t position = last - way;
        return done(
            graph_->add_read(thread, operation,
                             position == 0 ? initial : graph_->location(location).order[position]));
    }

    /// The position of the oldest write that the thread may read, of those that it waits for when
    /// it does.
    std::size_t oldest_readable(ThreadId thread, LocationId location) const {
        if (newest(location) == 0) return 0;
        const ConstClock seen = graph_->seen_by(thread, Seen::happens_before);
        const std::size_t observed = observed_position(*graph_, seen, location);
        const auto& awaited = threads()[thread].awaited;
        return awaited ? std::max(observed, awaited->position + 1) : observed;
    }

    /// Whether somebody might write what it would wait for.
    bool may_wait(ThreadId thread, LocationId location) const {
        const std::size_t last = newest(location);
        if (last >= options_.writes_max) return false;
        if (last > 0) {
            const ThreadId writer = graph_->at(graph_->location(location).order.back()).thread;
            if (writer == thread || threads()[writer].is_at_rest()) return false;
        }
        for (ThreadId other = 0; other < threads().size(); ++other) {
            if (other != thread && can_run(other)) return true;
        }
        return false;
    }

    Answer choose_option(ThreadId thread, const Operation& operation) {
        const auto option =
            is_behind() ? std::optional(forks_[taken_++].way) : choose(operation.value, false);
        if (!option) return {Answer::Kind::leave};
        return done(graph_->add_other(thread, operation, initial, *option));
    }

    Answer done(EventId event) { return {Answer::Kind::done, event, graph_->at(event).value}; }

    Answer::Kind block(ThreadId thread, Wait /*wait*/) override {
        threads()[thread].is_blocked = true;
        return Answer::Kind::wait;
    }
    void fail(ThreadId /*thread*/, const std::string& /*property*/) override {}
    const Graph& graph() const override { return *graph_; }
    ThreadId new_thread(ThreadId /*creator*/) override {
        return static_cast<ThreadId>(threads().size());
    }
    void set_initial_value(LocationId location, Value value) override {
        graph_->set_initial_value(location, value);
    }
    EventId last_event(ThreadId thread) const override { return graph_->thread(thread).back(); }

    std::vector<Thread>& threads() { return progress_.threads; }
    const std::vector<Thread>& threads() const { return progress_.threads; }
    ThreadId running() const { return progress_.running; }

    /// To see that the program does the same again.
    static constexpr std::uint64_t runs_per_start = 256;
    /// The program cannot, and is not asked again.
    static constexpr std::size_t failed_max = 64;

    Program& program_;
    const MergeOptions& options_;
    std::unique_ptr<Graph> graph_ = std::make_unique<Graph>();  ///< outlives a jump out of a run
    Progress progress_;                                         ///< of this run
    std::optional<Question> question_;                          ///< of the thread that runs
    std::vector<Fork> forks_;
    std::uint64_t deepest_ = 0;        ///< so many forks there have been
    std::size_t failed_in_a_row_ = 0;  ///< attempts to keep a fork
    std::size_t taken_ = 0;            ///< of the forks, in this run
    bool is_left_ = false;             ///< before its end: the rest of this run is known
    std::uint64_t unit_ = 0;
    bool is_own_unit_ = true;
    bool has_begun_ = false;  ///< a unit
    StateTallies states_{options_.states_max};
    StateBytes state_;  ///< scratch
    MergeResult result_;
};

}  // namespace

MergeResult explore_merging(Program& program, const MergeOptions& options) {
    return MergingExplorer(program, options).explore();
}

}  // namespace parley::rc11
