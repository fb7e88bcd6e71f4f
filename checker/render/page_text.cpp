#include "parley/checker/render/page_text.hpp"

#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/protocols/model/role.hpp"

#include <fmt/format.h>

#include <string_view>

namespace parley::checker::render {

namespace {

std::string finding_text(const Trace& finding, const ChartStyle& style) {
    const Violation& violation = finding.violation;
    const std::string text =
        labelled("property", violation.property + ": " + violation.sentence, style.columns);
    if (finding.events.empty()) return text + labelled("seen", violation.detail, style.columns);
    return text + "\n" + chart(finding, style) + "\n";
}

/// "at most 2 of 2 messages, and sends wait for room"
std::string queue_text(const QueueUse& use) {
    return fmt::format(
        "at most {} of {}{}", use.largest, use.capacity,
        use.is_in_the_way ? "; a send may have to wait for room" : "; a send always finds room");
}

std::string queues_text(const PageReport& page, std::size_t columns) {
    std::string text;
    for (const std::size_t sender : {0U, 1U}) {
        text += labelled(sender == 0 ? "queues" : "",
                         fmt::format("{}: {}", page.report.bounds[sender].first,
                                     queue_text(page.queues[sender])),
                         columns);
    }
    return text;
}

std::string capacity_text(const CapacityAnswer& answer) {
    if (answer.tried_max == 0) return "not known: too many configurations with queues of 1";
    if (answer.exact) {
        return fmt::format("from {} on a bigger queue changes nothing: no send ever waits for room",
                           *answer.exact);
    }
    std::string text = fmt::format("each bigger queue up to {} admits more runs", answer.tried_max);
    if (!answer.exhaustive) return text + "; not k-exhaustive for any k up to there";
    text += fmt::format("; k-exhaustive from k = {}", *answer.exhaustive);
    if (answer.side_condition.empty()) {
        return text + ": there are no mixed states, so from there on the parties behave the same";
    }
    return fmt::format("{}, but {}, so that this says nothing of bigger queues", text,
                       answer.side_condition);
}

std::string mixed_text(const PageReport& page) {
    return page.mixed.empty() ? "none: no state may send as well as receive"
                              : fmt::format("{}", fmt::join(page.mixed, ", "));
}

std::string crossing_text(const PageReport& page, const ChartStyle& style) {
    if (!page.crossing) {
        return page.report.verdict == Verdict::incomplete
                   ? ""
                   : labelled("crossing", "none: half-duplex", style.columns);
    }
    return labelled("crossing", "messages may cross; the shortest way there is", style.columns) +
           "\n" + chart(*page.crossing, style) + "\n";
}

std::string finish_text(const PageReport& page) {
    if (!page.can_finish) return "not known";
    return *page.can_finish ? "from everywhere both parties can still come to an end"
                            : "not from everywhere";
}

std::string unreached_text(const PageReport& page, std::size_t columns) {
    std::string text;
    for (const std::string& each : page.unreached) {
        text += labelled(text.empty() ? "unreached" : "", each, columns);
    }
    return text;
}

}  // namespace

std::string page_text(const PageReport& page, const ChartStyle& style) {
    const Report& report = page.report;
    const std::size_t columns = style.columns;
    std::string text =
        fmt::format("{}: {}\n", printable(page.file),
                    paint(name_of(report.verdict), colour_of(report.verdict), style.colour));
    text += labelled("meaning", report.meaning, columns);
    text += labelled("reason", report.reason, columns);
    for (const Trace& finding : page.findings) text += finding_text(finding, style);
    if (page.hidden_findings > 0) {
        text +=
            labelled("more", fmt::format("{} more of this kind", page.hidden_findings), columns);
    }
    text += unreached_text(page, columns);
    text += labelled("bounds", bounds_text(report.bounds), columns);
    text += labelled("counts", counts_text(report.counts), columns);
    text += labelled(
        "alphabets",
        page.is_dual ? "dual: each party receives what the other one sends" : "not dual", columns);
    text += labelled("mixed", mixed_text(page), columns);
    text += crossing_text(page, style);
    text += queues_text(page, columns);
    text += labelled("capacity", capacity_text(page.capacity), columns);
    text += labelled("finish", finish_text(page), columns);
    text += labelled("time", duration(report.seconds), columns);
    return text;
}

}  // namespace parley::checker::render
