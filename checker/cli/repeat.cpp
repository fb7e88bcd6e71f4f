#include "parley/checker/cli/repeat.hpp"

#include "parley/checker/determinism.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/render/difference.hpp"
#include "parley/checker/require.hpp"
#include "parley/specs/model/property.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace parley::cli {

namespace {

using checker::CheckOptions;
using checker::Choices;
using checker::Report;
using checker::Runner;
using checker::Trace;
using checker::Verdict;

/// Any list is a run: what is too large wraps around.
Choices random_choices(std::uint64_t seed) {
    constexpr std::size_t length = 200;
    Choices choices;
    for (std::size_t i = 0; i < length; ++i) {
        const std::uint64_t bits = checker::mix(seed * length + i);
        choices.push_back({UINT32_MAX, static_cast<std::uint32_t>(bits >> 33U)});
    }
    return choices;
}

/// Has runs again and compares them.
class Repetition {
 public:
    Repetition(const Runner& runner, CheckOptions check, const specs::model::Page* page)
        : runner_(runner), check_(std::move(check)), page_(page) {
        check_.deadline.reset();
    }

    /// Draws runs, up to one that fails: a check will find that as well. The report on the first
    /// one that is another one the second time.
    std::optional<Report> draw(std::uint32_t runs) const {
        for (std::uint32_t run = 0; run < runs && !check_.is_stopped(); ++run) {
            try {
                const std::uint64_t seed = checker::mix(check_.seed) + run;
                const Report drawn = runner_.replay(check_, random_choices(seed));
                // Of what was drawn the run has taken a part: that is the list to compare by.
                if (auto found = have_again(runner_.replay(check_, drawn.trace->choices))) {
                    return found;
                }
                if (drawn.verdict == Verdict::violated) return std::nullopt;
            } catch (const checker::LimitReached&) {
                continue;  // It is for the check to say so.
            }
        }
        return std::nullopt;
    }

    /// The report on the run of `report` if it is another one now, or has not failed when it was
    /// taken down.
    std::optional<Report> have_again(const Report& report) const {
        // Where it is cut off depends on the machine.
        if (report.trace->violation.property == specs::model::property::hang) return std::nullopt;
        const Report again = runner_.replay(check_, report.trace->choices);
        const bool has_lost =
            report.verdict == Verdict::violated && report.trace->violation.property.empty();
        if (*again.trace == *report.trace && !has_lost) return std::nullopt;
        return difference(report, *again.trace);
    }

 private:
    Report difference(Report report, const Trace& again) const {
        Trace& trace = *report.trace;
        std::string detail = checker::render::difference(trace, again, page_);
        const auto same = std::ranges::mismatch(trace.events, again.events).in1;
        if (same != trace.events.end()) trace.events.erase(same + 1, trace.events.end());
        trace.loop_begin.reset();
        trace.race.clear();
        if (detail.empty()) detail = "it has failed once and does not fail again";
        trace.violation = checker::not_deterministic(std::move(detail));
        report.verdict = Verdict::violated;
        report.reason.clear();
        checker::explain(report);
        return report;
    }

    const Runner& runner_;
    CheckOptions check_;
    const specs::model::Page* page_;
};

}  // namespace

std::optional<Report> find_difference(const Runner& runner, const CheckOptions& check,
                                      std::uint32_t runs, const specs::model::Page* page) {
    if (!runner.replay) return std::nullopt;
    return Repetition(runner, check, page).draw(runs);
}

Report check_repeatably(const Runner& runner, const CheckOptions& check,
                        const specs::model::Page* page) {
    try {
        Report report = runner.check(check);
        const bool has_failed = report.verdict == Verdict::violated && is_repeatable(report);
        if (!has_failed || !runner.replay) return report;
        return Repetition(runner, check, page).have_again(report).value_or(report);
    } catch (const checker::InternalError&) {
        // An engine has met something that cannot be: the code may be the reason.
        constexpr std::uint32_t many = 1000;
        if (auto found = find_difference(runner, check, many, page)) return *found;
        throw;
    }
}

bool is_repeatable(const Report& report) {
    // A run that crashed in a process of its own has not lived to say what it chose.
    const bool has_run =
        report.trace && (!report.trace->choices.empty() || !report.trace->events.empty());
    return has_run && report.trace->violation.property != specs::model::property::determinism;
}

}  // namespace parley::cli
