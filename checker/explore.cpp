#include "parley/checker/explore.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/liveness.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/run.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>
#include <vector>

namespace parley::checker {

namespace {

constexpr std::size_t part_states = 256;
/// Threads wait for each other twice in each block, and the more states it has, the less; with too
/// many of them what is claimed has left the caches before it is settled.
constexpr std::size_t shared_part_states = 256;

}  // namespace

Explorer::Explorer(TransitionSystem& system, const Subject& subject, const CheckOptions& check)
    : system_(system),
      subject_(subject),
      check_(check),
      numbers_(system, fairness_of(check)),
      space_(!check.is_safety_only),
      checkpoint_(subject, check),
      thread_count_(std::max(check.threads, 1U)),
      batches_(StateSpace::batches_max),
      parts_(StateSpace::batches_max) {
    caches_.emplace_back(numbers_);
}

std::optional<Report> Explorer::run_orbits() {
    require(system_.symmetry() != nullptr, "a symmetry is declared");
    numbers_.use(*system_.symmetry());
    Report report = run();
    if (is_left_to_all()) return std::nullopt;
    return report;
}

/// Whether a search of orbits says nothing.
bool Explorer::is_left_to_all() const {
    const bool has_names = !check_.is_safety_only && fairness_of(check_) == Fairness::action;
    return numbers_.has_orbits() &&
           (!numbers_.asymmetry().empty() || is_left_ || (has_names && space_.may_have_cycles()));
}

Report Explorer::run() {
    Report report = begin_report(subject_, "explore", check_);
    report.scheduler = "exhaustive";
    report.has_orbits = numbers_.has_orbits();
    if (!check_.is_safety_only) report.fairness = check_.fairness;
    const Stopwatch stopwatch;
    std::string limit;
    const GuardedEnd end = guard_.run([&] { limit = search(); });
    if (is_left_to_all()) return report;
    if (end != GuardedEnd::returned) {
        cut_block();
        numbers_.forget_steps();
        // Once more, step by step, for the choices that lead there.
        bool is_found = false;
        if (guard_.run([&] { is_found = fail_in(current_); }) != GuardedEnd::returned) {
            way_.steps.push_back(odometer_.digits());
            fail(way_);
        } else if (!is_found) {
            require(numbers_.has_orbits(), "a step that crashes does so again");
            is_left_ = true;
            return report;
        }
    }
    numbers_.settle_counts();
    report.counts = counts();
    report.seconds = stopwatch.seconds();
    conclude(report, limit);
    if (limit.empty()) checkpoint_.remove();
    return report;
}

std::optional<Report> Explorer::run_reduced(model::Party first) {
    is_reduced_ = true;
    first_ = first;
    space_ = StateSpace{false};
    if (check_.is_symmetric && system_.symmetry() != nullptr) numbers_.use(*system_.symmetry());
    numbers_.reduce({!subject_.messages[1].empty(), !subject_.messages[0].empty()});
    Report report = begin_report(subject_, "explore", check_);
    report.scheduler = "exhaustive";
    report.is_reduced = true;
    report.has_orbits = numbers_.has_orbits();
    if (!check_.is_safety_only) report.fairness = check_.fairness;
    const Stopwatch stopwatch;
    std::string limit;
    Guard guard;
    if (guard.run([&] { limit = search(); }) != GuardedEnd::returned) return std::nullopt;
    if (limit.empty() && !is_conclusive()) return std::nullopt;
    numbers_.settle_counts();
    report.counts = counts();
    report.seconds = stopwatch.seconds();
    conclude(report, limit);
    if (report.verdict == Verdict::vacuous) return std::nullopt;
    return report;
}

/// Whether a reduced search that has come to its end says what one of all states would.
bool Explorer::is_conclusive() const {
    const auto must_be_full = [](const QueueFill& queue) { return queue.must_be_full; };
    return !is_violated_ && numbers_.is_reducible() && !is_left_to_all() &&
           (check_.is_safety_only || !space_.may_have_cycles()) &&
           !(coverage_ && std::ranges::any_of(coverage_->queues, must_be_full));
}

/// The main loop of this engine. Returns the limit that ended it, or "".
std::string Explorer::search() {
    Progress progress{check_, 0};
    numbers_.count(coverage_ ? &*coverage_ : nullptr);
    begin();
    try {
        while (!is_violated_ && !is_left_to_all() && current_ < space_.size() &&
               numbers_.is_reducible() == is_reduced_) {
            if (const std::string limit = limit_here(); !limit.empty()) return limit;
            expand_block();
            progress.tick(current_);
        }
        if (!is_violated_ && !check_.is_safety_only && !is_reduced_ && !is_left_to_all()) {
            look_for_loops();
        }
    } catch (const LimitReached& reached) {
        return std::string{reached.limit};
    }
    return {};
}

template <class Archive>
void Explorer::transfer(Archive& archive) {
    numbers_.transfer(archive);
    space_.transfer(archive);
    archive(current_);
    archive(transitions_);
    archive(ends_);
    if (coverage_) coverage_->transfer(archive);
}

void Explorer::begin() {
    const bool goes_on = checkpoint_.read([&](SnapshotReader& reader) { transfer(reader); });
    if (goes_on) return;
    const NumberedState initial = numbers_.begin();
    numbers_.require_of_orbit(initial, "the initial state is another one",
                              [&](const NumberedState& image) { return image == initial; });
    space_.begin(initial);
}

/// The limit that is reached before a block is expanded, or "". Also keeps the checkpoint new.
std::string Explorer::limit_here() {
    std::string limit{check_.stop_reason()};
    if (numbers_.is_full()) limit = "values of a part";
    if (space_.size() > check_.states_max) limit = "states";
    const std::uint64_t needed_bytes =
        memory_bytes() + space_.edge_bytes() + space_.growth_bytes() + numbers_.growth_bytes();
    if (limit.empty() && needed_bytes > check_.memory_max) limit = "memory";
    if (!limit.empty() || checkpoint_.is_due()) save();
    return limit;
}

std::vector<std::pair<std::string, std::uint64_t>> Explorer::counts() const {
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    if (numbers_.has_orbits()) {
        std::uint64_t states = 0;
        for (Id id = 0; id < space_.size(); ++id) states += numbers_.size_of_orbit(space_[id]);
        counts = {{"states", states}, {"orbits", space_.size()}};
    } else {
        counts = {{"states", space_.size()}};
    }
    counts.insert(counts.end(),
                  {{"transitions", transitions_}, {"ends", ends_}, {"bytes", memory_bytes()}});
    return counts;
}

std::uint64_t Explorer::memory_bytes() const {
    std::uint64_t bytes = space_.memory_bytes() + numbers_.memory_bytes();
    for (const MoveCache& cache : caches_) bytes += cache.memory_bytes();
    return bytes;
}

void Explorer::save() {
    numbers_.settle_counts();
    checkpoint_.write([&](SnapshotWriter& writer) { transfer(writer); });
}

/// Takes every step of the next states: in all threads what is known of them, then what is not.
void Explorer::expand_block() {
    divide_block();
    if (is_shared_) {
        std::atomic<std::size_t> next{0};
        in_all_threads([&](std::size_t thread) {
            for (std::size_t part = 0; (part = next.fetch_add(1)) < part_count_;) {
                parts_[part].thread = thread;
                expand_known(part, caches_[thread]);
            }
        });
    }
    for (finishing_ = 0; finishing_ < part_count_; ++finishing_) {
        if (finish(finishing_)) continue;
        const bool is_end = parts_[finishing_].failing != current_;
        cut_block();
        if (is_reduced_ || is_left_to_all()) {
            is_violated_ = true;
            return;
        }
        if (is_end) return fail(run_to(system_, numbers_, space_, current_));
        require(fail_in(current_), "a step that fails does so again");
        return;
    }
    current_ = parts_[part_count_ - 1].end;
    settle_block();
}

void Explorer::divide_block() {
    numbers_.forget_steps_if_many();
    moves_max_ = numbers_.moves_max();
    const std::size_t waiting = space_.size() - current_;
    const std::size_t within_limit = (check_.states_max - space_.size()) / moves_max_;
    const std::size_t states = std::clamp<std::size_t>(within_limit, 1, waiting);
    is_shared_ = thread_count_ > 1;
    const std::size_t parts = is_shared_ ? StateSpace::batches_max : 1;
    std::size_t each =
        is_shared_ ? std::min(shared_part_states, (states + parts - 1) / parts) : part_states;
    each = std::clamp<std::size_t>(MoveBatch::moves_max / moves_max_, 1, each);
    block_states_max_ = parts * each;
    part_count_ = std::min((states + each - 1) / each, parts);
    Id next = current_;
    for (std::size_t number = 0; number < part_count_; ++number) {
        Part& part = parts_[number];
        part.first = part.next = next;
        next = static_cast<Id>(std::min<std::size_t>(next + each, current_ + states));
        part.end = next;
        part.failing = none;
        part.thread = 0;
        part.put_off.clear();
        part.uses.assign(coverage_ ? 2 * std::size_t{part.end - part.first} : 0,
                         NumberedSystem::no_use);
        part.halves.clear();
        batches_[number].first_state = part.first;
        batches_[number].end_state = part.end;
    }
    space_.open({batches_.data(), part_count_}, each * moves_max_);
    if (!is_shared_ || team_) return;
    team_ = std::make_unique<ThreadTeam>(thread_count_);
    space_.use(*team_);
    while (caches_.size() < thread_count_) caches_.emplace_back(numbers_);
}

/// Calls `work(thread)` in each thread.
template <class Work>
void Explorer::in_all_threads(const Work& work) {
    if (!is_shared_) return work(0);
    numbers_.share(true);
    space_.share(true);
    team_->run(work);
    numbers_.share(false);
    space_.share(false);
}

/// Expands the states of a part, up to one that fails, but for those with steps that are not known.
void Explorer::expand_known(std::size_t number, MoveCache& cache) {
    Part& part = parts_[number];
    MoveBatch& batch = batches_[number];
    cache.refresh();
    for (; part.next < part.end && part.failing == none; ++part.next) {
        const bool is_known = expand(number, part.next, cache, false);
        if (!is_known || part.is_at_end) part.put_off.push_back(part.next);
    }
    space_.look_up(batch);
    complete_halves(number, cache);
}

/// Does what is left of a part: takes steps that are not known, and judges ends. False: the current
/// state has a step that fails, or is an end that should be none.
bool Explorer::finish(std::size_t number) {
    Part& part = parts_[number];
    caches_[0].refresh();
    for (const Id id : part.put_off) {
        if (!finish_state(number, id)) return false;
    }
    if (part.failing != none) {
        current_ = part.failing;
        return false;
    }
    for (; part.next < part.end; ++part.next) {
        if (!finish_state(number, part.next)) return false;
    }
    space_.look_up(batches_[number]);
    complete_halves(number, caches_[0]);
    return true;
}

bool Explorer::finish_state(std::size_t number, Id id) {
    current_ = id;
    expand(number, id, caches_[0], true);
    if (parts_[number].failing == id) return false;
    return !parts_[number].is_at_end || is_end_sound(id);
}

/// Adds the moves of a state, up to a step that fails, and looks whether all may be over there.
/// False: its steps are not known, and may not be taken now (`may_take`).
bool Explorer::expand(std::size_t number, Id id, MoveCache& cache, bool may_take) {
    Part& part = parts_[number];
    part.is_at_end = false;
    MoveBatch& batch = batches_[number];
    read_ahead(id, part.end, cache);
    const NumberedState from = space_[id];
    std::array<MoveCache::Moves, 2> moves;
    if ((!may_take || is_reduced_) &&
        !(cache.find(model::Party::left, id, from, may_take, moves[0]) &&
          cache.find(model::Party::right, id, from, may_take, moves[1]))) {
        return false;
    }
    if (is_reduced_ && expand_half(number, id, moves, cache)) return true;
    for (const model::Party party : {model::Party::left, model::Party::right}) {
        MoveCache::Moves& own = moves[index_of(party)];
        if (may_take) {
            cache.find(party, id, from, true, own);
            make_room();
        }
        if (coverage_) part.use(id, party) = numbers_.use_of(party, from, own.entry);
        for (const PartyMove& move : own.moves) {
            add(batch, id, cache.after(party, from, move));
        }
        if (own.is_failing) {
            part.failing = id;
            return true;
        }
    }
    numbers_.for_each_fault(from, [&](const NumberedState& to) {
        if (to != from) add(batch, id, to);
    });
    part.is_at_end = batch.move_count(id) == 0 || may_be_over(moves[0].rest, moves[1].rest);
    return true;
}

/// Adds the moves of one party only, if they are persistent. False: they are not.
bool Explorer::expand_half(std::size_t number, Id id, const std::array<MoveCache::Moves, 2>& moves,
                           MoveCache& cache) {
    if (moves[0].is_failing || moves[1].is_failing) return false;
    if (!moves[0].is_persistent && !moves[1].is_persistent) return false;
    const model::Party party = moves[index_of(first_)].is_persistent ? first_ : other(first_);
    Part& part = parts_[number];
    if (!is_shared_) make_room();
    const NumberedState from = space_[id];
    for (const model::Party each : {model::Party::left, model::Party::right}) {
        const std::uint32_t entry = moves[index_of(each)].entry;
        if (coverage_) part.use(id, each) = numbers_.use_of(each, from, entry);
    }
    for (const PartyMove& move : moves[index_of(party)].moves) {
        add(batches_[number], id, cache.after(party, from, move));
    }
    part.halves.push_back({id, other(party)});
    return true;
}

/// Adds the moves of the other party, where those of one do not lead on.
void Explorer::complete_halves(std::size_t number, MoveCache& cache) {
    MoveBatch& batch = batches_[number];
    for (const Half& half : parts_[number].halves) {
        if (batch.leads_forwards(half.state)) continue;
        const NumberedState from = space_[half.state];
        MoveCache::Moves moves;
        require(cache.find(half.left_out, half.state, from, false, moves), "these steps are known");
        for (const PartyMove& move : moves.moves) {
            add(batch, half.state, cache.after(half.left_out, from, move));
        }
    }
    space_.look_up(batch);
    parts_[number].halves.clear();
}

/// A move to a state, or to the one that is kept in its place.
void Explorer::add(MoveBatch& batch, Id from, const NumberedState& to) {
    space_.add(batch, from, numbers_.representative(to));
}

/// Makes what the states after this one need not wait for memory.
void Explorer::read_ahead(Id id, Id end, MoveCache& cache) const {
    constexpr Id far = 12;
    constexpr Id near = 6;
    if (id + far < end) numbers_.prefetch(space_[id + far]);
    if (id + near < end) cache.look_ahead(id + near, space_[id + near]);
}

/// Makes room for states with more steps than were known when the block began.
void Explorer::make_room() {
    if (numbers_.moves_max() <= moves_max_) return;
    moves_max_ = numbers_.moves_max();
    space_.make_room(block_states_max_ * moves_max_);
}

/// What the block has found becomes part of the space.
void Explorer::settle_block() {
    const auto for_each_part = [&](const auto& work) {
        in_all_threads([&](std::size_t thread) {
            for (std::size_t part = 0; part < part_count_; ++part) {
                // What this thread has claimed is in its cache.
                if (parts_[part].thread == thread) work(batches_[part]);
            }
        });
    };
    space_.number();
    for_each_part([&](MoveBatch& batch) { space_.settle(batch); });
    if (space_.has_edges()) for_each_part([&](MoveBatch& batch) { space_.link(batch); });
    for (std::size_t part = 0; part < part_count_; ++part) {
        transitions_ += batches_[part].move_count();
        if (coverage_) numbers_.count_uses(parts_[part].uses);
    }
    space_.close();
    part_count_ = 0;
}

/// Settles the block as if its states had been expanded one after the other up to the current one.
void Explorer::cut_block() {
    for (std::size_t number = 0; number < part_count_; ++number) {
        Part& part = parts_[number];
        space_.cut(batches_[number], current_);
        if (coverage_) part.uses.resize(2 * std::size_t{batches_[number].end_state - part.first});
    }
    settle_block();
}

/// Whether nothing is wrong when all is over in this state.
bool Explorer::is_end_sound(Id id) {
    const auto is_sound = [&](const NumberedState& state) {
        OdometerChooser nobody;
        specs::model::Judge judge;
        StepContext context{nobody, judge};
        system_.load(numbers_.state_of(state));
        system_.judge_end(context);
        return !judge.is_violated();
    };
    const bool is_good = is_sound(space_[id]);
    numbers_.require_of_orbit(
        space_[id], "an end is judged another way",
        [&](const NumberedState& image) { return is_sound(image) == is_good; });
    if (is_good) ++ends_;
    return is_good;
}

/// Nothing is owed for ever.
void Explorer::look_for_loops() {
    numbers_.count(nullptr);
    Liveness liveness{system_, numbers_, space_, check_};
    if (numbers_.has_orbits()) {
        is_left_ = liveness.has_lasso();
        return;
    }
    const auto lasso = liveness.find();
    if (!lasso) return;
    is_violated_ = true;
    failing_ = lasso->choices;
    failing_steps_ = lasso->stem_steps + lasso->loop_steps;
}

/// Finds the step of a state that fails, among all of them and as a whole. Throws what it throws.
/// False: there is none.
bool Explorer::fail_in(StateSpace::Id id) {
    way_ = run_to(system_, numbers_, space_, id);
    system_.load(numbers_.state_of(way_.end));
    odometer_ = {};
    do {
        specs::model::Judge judge;
        StepContext context{odometer_, judge};
        if (!system_.step(context)) break;
        if (!judge.is_violated()) continue;
        way_.steps.push_back(odometer_.digits());
        fail(way_);
        return true;
    } while (odometer_.advance());
    return false;
}

/// Keeps the run.
void Explorer::fail(const RunTo& run) {
    is_violated_ = true;
    failing_ = joined(run.steps);
    failing_steps_ = run.steps.size();
}

/// Says how full queues have been.
void Explorer::measure_queues(Coverage& coverage) const {
    for (Id id = 0; id < space_.size(); ++id) {
        for (const model::Party sender : {model::Party::left, model::Party::right}) {
            coverage.push(sender, numbers_.queue_size(sender, space_[id]));
        }
    }
}

void Explorer::conclude(Report& report, const std::string& limit) {
    if (coverage_) measure_queues(*coverage_);
    if (is_violated_) {
        report.verdict = Verdict::violated;
        report.counts.emplace_back("steps", failing_steps_);
        report.trace = replay_run(system_, subject_, check_, failing_, guard_).trace;
        require(!report.trace->violation.property.empty(),
                "a failing run fails again when it is recorded");
    } else if (!limit.empty()) {
        report.verdict = Verdict::incomplete;
        report.reason = limit;
    } else if (ends_ == 0) {
        report.verdict = Verdict::vacuous;
        report.reason = "no run reaches its end";
    } else if (const auto missing = message_never_sent(subject_, numbers_.sent_kinds());
               !missing.empty()) {
        report.verdict = Verdict::vacuous;
        report.reason = missing;
    } else {
        report.verdict = Verdict::verified;
        require_promises(report, coverage_);
    }
    report.coverage = std::move(coverage_);
    explain(report);
}

}  // namespace parley::checker
