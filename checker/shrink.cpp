#include "parley/checker/shrink.hpp"

#include <algorithm>
#include <compare>
#include <utility>
#include <vector>

namespace parley::checker {

namespace {

/// What makes one failing run better than another, the most important first.
struct Cost {
    std::size_t events = 0;
    std::size_t switches = 0;
    std::vector<std::uint32_t> indices;

    auto operator<=>(const Cost&) const = default;
};

Cost cost_of(const Trace& trace) {
    Cost cost{trace.events.size(), 0, {}};
    for (std::size_t i = 1; i < trace.events.size(); ++i) {
        if (trace.events[i].party != trace.events[i - 1].party) ++cost.switches;
    }
    for (const Choice& choice : trace.choices) cost.indices.push_back(choice.index);
    return cost;
}

/// The best run so far, and the edits that may lead to a better one.
class Shrinker {
 public:
    Shrinker(const Report& failing, const Rerun& rerun, const ShrinkLimits& limits)
        : property_(failing.trace->violation.property),
          rerun_(rerun),
          limits_(limits),
          best_(failing),
          best_cost_(cost_of(*failing.trace)) {}

    Shrunk run() {
        Shrunk shrunk;
        shrunk.events_from = best_cost_.events;
        shrunk.is_reproduced = start();
        if (shrunk.is_reproduced) {
            while (leave_out() || lower() || swap_neighbours()) {
            }
        }
        shrunk.report = std::move(best_);
        shrunk.runs = runs_;
        shrunk.events_to = best_cost_.events;
        return shrunk;
    }

 private:
    const Choices& choices() const { return best_.trace->choices; }

    /// The recorded choices must fail the same way; from here on the list is as the run takes it.
    bool start() {
        Report again = run_once(choices());
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
        Report report = rerun_(candidate);
        if (report.trace) events_ += report.trace->events.size() + 1;
        return report;
    }

    bool is_same_failure(const Report& report) const {
        return report.verdict == Verdict::violated && report.trace &&
               report.trace->violation.property == property_;
    }

    void take(Report&& report) {
        best_cost_ = cost_of(*report.trace);
        best_ = std::move(report);
    }

    /// Runs `candidate`, and keeps it when it fails the same way and is better.
    bool try_out(const Choices& candidate) {
        if (is_at_limit() || candidate == choices()) return false;
        Report report = run_once(candidate);
        if (!is_same_failure(report) || cost_of(*report.trace) >= best_cost_) return false;
        take(std::move(report));
        return true;
    }

    /// Tries `edit(copy, first, size)` on chunks of halving sizes, from the end to the beginning.
    template <class Edit>
    bool edit_chunks(const Edit& edit) {
        bool has_gained = false;
        for (std::size_t size = choices().size(); size > 0; size /= 2) {
            for (std::size_t end = choices().size(); end > 0 && !is_at_limit();) {
                const std::size_t first = end - std::min(size, end);
                Choices candidate = choices();
                edit(candidate, first, end - first);
                has_gained = try_out(candidate) || has_gained;
                end = std::min(first, choices().size());
            }
        }
        return has_gained;
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
        for (std::size_t i = 0; i < choices().size(); ++i) {
            for (std::uint32_t index = 1; i < choices().size() && index < choices()[i].index;
                 ++index) {
                Choices candidate = choices();
                candidate[i].index = index;
                has_gained = try_out(candidate) || has_gained;
                if (is_at_limit()) return has_gained;
            }
        }
        return has_gained;
    }

    bool swap_neighbours() {
        bool has_gained = false;
        for (std::size_t i = 0; i + 1 < choices().size() && !is_at_limit(); ++i) {
            Choices candidate = choices();
            std::swap(candidate[i].index, candidate[i + 1].index);
            has_gained = try_out(candidate) || has_gained;
        }
        return has_gained;
    }

    std::string property_;
    const Rerun& rerun_;
    const ShrinkLimits& limits_;
    Report best_;
    Cost best_cost_;
    std::uint32_t runs_ = 0;
    std::uint64_t events_ = 0;
};

}  // namespace

Shrunk shrink(const Report& failing, const Rerun& rerun, const ShrinkLimits& limits) {
    return Shrinker(failing, rerun, limits).run();
}

}  // namespace parley::checker
