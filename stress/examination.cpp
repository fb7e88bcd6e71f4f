#include "parley/stress/examination.hpp"

#include "parley/checker/meaning.hpp"
#include "parley/checker/require.hpp"
#include "parley/stress/finding.hpp"
#include "parley/stress/tsan.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace parley::stress {

Examination::Examination(Cases& cases, const checker::Subject& subject,
                         const checker::CheckOptions& check, std::string_view engine)
    : cases_(cases),
      subject_(subject),
      check_(check),
      report_(checker::begin_report(subject, engine, check)) {
    report_.coverage = checker::coverage_of(subject, true);
}

void Examination::judge(const BatchResult& result) {
    try {
        judge_batch(result);
    } catch (const checker::LimitReached& reached) {
        limit_ = reached.limit;
    }
}

void Examination::judge_batch(const BatchResult& result) {
    for (const std::size_t i : result.finished) {
        if (report_.trace) return;
        const bool is_over = cases_.is_over(i);
        ++executions_;
        if (!is_over) ++cut_;
        judge_case(i, is_over, std::nullopt);
    }
    if (count_tsan_reports() > 0) judge_races();
    if (result.end != BatchEnd::completed && !report_.trace) judge_end_of_batch(result);
}

/// `given` is a violation that the logs of the execution do not show.
void Examination::judge_case(std::size_t i, bool is_over,
                             const std::optional<checker::Violation>& given) {
    const CaseFinding finding =
        cases_.look_at(i, is_over, nullptr, report_.coverage ? &*report_.coverage : nullptr);
    sent_kinds_ |= finding.sent_kinds;
    outcomes_.add(finding.outcome);
    if (finding.violation || given) {
        take_down(i, is_over, finding.violation ? *finding.violation : *given);
    }
}

void Examination::take_down(std::size_t i, bool is_over, checker::Violation violation) {
    checker::Recorder recorder;
    cases_.look_at(i, is_over, &recorder, nullptr);
    report_.trace = checker::begin_trace(subject_, report_);
    report_.trace->violation = std::move(violation);
    report_.trace->events = recorder.events();
}

void Examination::judge_races() {
    if (report_.trace) return;
    const std::vector<TsanReport> races = take_tsan_reports();
    if (races.empty()) return;
    const TsanReport& first = races.front();
    checker::Violation violation = violation_of(first);
    for (std::size_t i = 1; i < races.size(); ++i) {
        violation.detail += fmt::format("; elsewhere: {}", violation_of(races[i]).detail);
    }
    ++executions_;
    take_down(first.instance.value_or(0), false, std::move(violation));
    report_.trace->race = race_ends(first);
}

void Examination::judge_end_of_batch(const BatchResult& result) {
    // The party that is behind has not come out of an execution that the other one has left.
    const bool is_left_ahead = result.sides[0].completed > result.sides[1].completed;
    const model::Party behind = is_left_ahead ? model::Party::right : model::Party::left;
    for (const model::Party party : {behind, model::other(behind)}) {
        const SideEnd& side = result.sides[model::index_of(party)];
        if (report_.trace || !side.instance) continue;
        // The other one has only waited for it.
        if (result.end == BatchEnd::threw && !side.thrown) continue;
        ++executions_;
        judge_case(*side.instance, false, violation_of(result.end, party, side));
    }
}

void Examination::show(std::size_t instance) {
    if (!report_.trace) take_down(instance, cases_.is_over(instance), {});
}

checker::Report Examination::conclude() {
    report_.counts = {{"executions", executions_}, {"cut", cut_}};
    report_.outcomes = outcomes_.rows(subject_);
    const std::string missing = checker::message_never_sent(subject_, sent_kinds_);
    if (is_violated()) {
        report_.verdict = checker::Verdict::violated;
    } else if (!limit_.empty()) {
        report_.verdict = checker::Verdict::incomplete;
        report_.reason = limit_;
    } else if (executions_ == cut_ || !missing.empty()) {
        report_.verdict = checker::Verdict::vacuous;
        report_.reason = executions_ == cut_ ? "no execution came to its end" : missing;
    } else if (check_.is_stopped()) {
        report_.verdict = checker::Verdict::incomplete;
        report_.reason = check_.stop_reason();
    } else {
        report_.verdict = checker::Verdict::passed;
    }
    checker::explain(report_);
    return std::move(report_);
}

}  // namespace parley::stress
