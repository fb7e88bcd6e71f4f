#include "parley/checker/shrink.hpp"

#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace parley::checker {

namespace {

int capacity_of(const Trace& trace) {
    const auto found = std::ranges::find(
        trace.bounds, "capacity", [](const auto& bound) -> const auto& { return bound.first; });
    return found == trace.bounds.end() ? 0 : found->second;
}

RunCost cost_of(const Trace& trace) {
    RunCost cost;
    cost.capacity = capacity_of(trace);
    cost.all_events = trace.events.size();
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        const Event& event = trace.events[i];
        if (!event.memory) ++cost.events;
        if (event.memory && !event.memory->newest.empty()) ++cost.stale_reads;
        if (event.kind == EventKind::send || event.kind == EventKind::receive) ++cost.messages;
        if (i > 0 && event.party != trace.events[i - 1].party) ++cost.switches;
    }
    for (const Choice& choice : trace.choices) cost.indices.push_back(choice.index);
    return cost;
}

/// `choices` without the zeros at the end, which a run takes anyway.
Choices without_tail(Choices choices) {
    while (!choices.empty() && choices.back().index == 0) choices.pop_back();
    return choices;
}

/// The best run so far, and the edits that may lead to a better one.
class Shrinker {
 public:
    Shrinker(const Report& failing, const Rerun& rerun, const ShrinkLimits& limits,
             const SmallerQueues& queues)
        : property_(failing.trace->violation.property),
          rerun_(rerun),
          limits_(limits),
          queues_(queues),
          best_(failing),
          best_cost_(cost_of(*failing.trace)),
          choices_(without_tail(failing.trace->choices)) {}

    Shrunk run() {
        Shrunk shrunk;
        shrunk.from = best_cost_;
        shrunk.is_reproduced = start();
        if (shrunk.is_reproduced) {
            while (cut_off() || leave_out() || lower() || move_ahead() || lower_capacity()) {
            }
        }
        shrunk.report = std::move(best_);
        shrunk.runs = runs_;
        shrunk.to = best_cost_;
        return shrunk;
    }

 private:
    /// The recorded choices must fail the same way; from here on the list is as the run takes it.
    bool start() {
        Report again = run_once(best_.trace->choices);
        if (!is_same_failure(again)) return false;
        take(std::move(again));
        return true;
    }

    bool is_at_limit() const {
        const bool is_stopped = limits_.stop != nullptr && limits_.stop->load();
        return is_stopped || runs_ >= limits_.runs_max || events_ >= limits_.events_max;
    }

    Report run_once(const Choices& candidate) {
        ++runs_;
        Report report = capacity_ ? queues_.rerun(candidate, *capacity_) : rerun_(candidate);
        if (report.trace) events_ += report.trace->events.size() + 1;
        return report;
    }

    bool is_same_failure(const Report& report) const {
        return report.verdict == Verdict::violated && report.trace &&
               report.trace->violation.property == property_;
    }

    void take(Report&& report) {
        best_cost_ = cost_of(*report.trace);
        choices_ = without_tail(report.trace->choices);
        best_ = std::move(report);
    }

    bool try_out(const Choices& candidate) {
        return without_tail(candidate) != choices_ && keep_if_better(candidate);
    }

    /// Runs `candidate`, and keeps it when it fails the same way and is better.
    bool keep_if_better(const Choices& candidate) {
        if (is_at_limit()) return false;
        Report report = run_once(candidate);
        if (!is_same_failure(report) || cost_of(*report.trace) >= best_cost_) return false;
        take(std::move(report));
        return true;
    }

    /// Tries `edit(copy, first, size)` on chunks of halving sizes, from the end to the beginning.
    template <class Edit>
    bool edit_chunks(const Edit& edit) {
        bool has_gained = false;
        for (std::size_t size = choices_.size(); size > 0; size /= 2) {
            for (std::size_t end = choices_.size(); end > 0 && !is_at_limit();) {
                const std::size_t first = end - std::min(size, end);
                Choices candidate = choices_;
                edit(candidate, first, end - first);
                has_gained = try_out(candidate) || has_gained;
                end = std::min(first, choices_.size());
            }
        }
        return has_gained;
    }

    /// Keeps a beginning: the shortest that is found by doubling.
    bool cut_off() {
        for (std::size_t size = 0; size < choices_.size(); size = 2 * size + 1) {
            const auto end = choices_.begin() + static_cast<std::ptrdiff_t>(size);
            if (try_out(Choices(choices_.begin(), end))) return true;
        }
        return false;
    }

    bool leave_out() {
        return edit_chunks([](Choices& list, std::size_t first, std::size_t size) {
            const auto begin = list.begin() + static_cast<std::ptrdiff_t>(first);
            list.erase(begin, begin + static_cast<std::ptrdiff_t>(size));
        });
    }

    bool lower() {
        bool has_gained = edit_chunks([](Choices& list, std::size_t first, std::size_t size) {
            for (std::size_t i = first; i < first + size; ++i) list[i].index = 0;
        });
        for (std::size_t i = 0; i < choices_.size(); ++i) {
            for (std::uint32_t index = 1; i < choices_.size() && index < choices_[i].index;
                 ++index) {
                Choices candidate = choices_;
                candidate[i].index = index;
                has_gained = try_out(candidate) || has_gained;
                if (is_at_limit()) return has_gained;
            }
        }
        return has_gained;
    }

    bool move_ahead() {
        constexpr std::size_t distance_max = 8;
        bool has_gained = false;
        for (std::size_t i = 1; i < choices_.size(); ++i) {
            for (std::size_t distance = 1; distance <= std::min(i, distance_max); ++distance) {
                if (is_at_limit() || i >= choices_.size()) return has_gained;
                Choices candidate = choices_;
                const auto end = candidate.begin() + static_cast<std::ptrdiff_t>(i) + 1;
                std::rotate(end - static_cast<std::ptrdiff_t>(distance) - 1, end - 1, end);
                has_gained = try_out(candidate) || has_gained;
            }
        }
        return has_gained;
    }

    /// Keeps the smallest queues over which the run fails as well, with no more messages.
    bool lower_capacity() {
        if (!queues_.rerun) return false;
        const auto before = capacity_;
        const int now = best_cost_.capacity;
        for (int capacity = queues_.capacity_min; capacity < now; ++capacity) {
            capacity_ = capacity;
            if (keep_if_better(choices_)) return true;
        }
        capacity_ = before;
        return false;
    }

    std::string property_;
    const Rerun& rerun_;
    const ShrinkLimits& limits_;
    const SmallerQueues& queues_;
    std::optional<int> capacity_;  ///< of the queues, if not as they were
    Report best_;
    RunCost best_cost_;
    Choices choices_;  ///< of the best run, to be edited
    std::uint32_t runs_ = 0;
    std::uint64_t events_ = 0;
};

}  // namespace

std::string summary(const Shrunk& shrunk) {
    if (!shrunk.is_reproduced) return "no: the run did not fail again";
    const RunCost& from = shrunk.from;
    const RunCost& to = shrunk.to;
    std::string more;
    const auto add = [&](const std::string& text, bool is_changed) {
        if (is_changed) more += (more.empty() ? "" : ", ") + text;
    };
    add(fmt::format("{} to {} messages", from.messages, to.messages), from.messages != to.messages);
    add(fmt::format("{} to {} switches", from.switches, to.switches), from.switches != to.switches);
    add(fmt::format("{} to {} stale reads", from.stale_reads, to.stale_reads),
        from.stale_reads != to.stale_reads);
    add(fmt::format("capacity {} to {}", from.capacity, to.capacity), from.capacity != to.capacity);
    return fmt::format("from {} to {} events{} in {} run{}", from.events, to.events,
                       more.empty() ? "" : fmt::format(" ({})", more), shrunk.runs,
                       shrunk.runs == 1 ? "" : "s");
}

bool is_worth_shrinking(const Report& failing) {
    return failing.trace && failing.trace->violation.property != specs::model::property::hang;
}

Shrunk shrink(const Report& failing, const Rerun& rerun, const ShrinkLimits& limits,
              const SmallerQueues& queues) {
    return Shrinker(failing, rerun, limits, queues).run();
}

}  // namespace parley::checker
