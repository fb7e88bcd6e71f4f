#include "parley/checker/json.hpp"

#include "parley/checker/json_names.hpp"
#include "parley/checker/json_node.hpp"
#include "parley/checker/replay_line.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <utility>

namespace parley::checker {

namespace {

template <std::size_t N>
std::size_t read_name(const JsonNode& node, const std::array<std::string_view, N>& names) {
    const std::string text = node.text();
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) return i;
    }
    node.refuse("has a value that is not known");
}

void check_version(const JsonNode& node) {
    if (!node.has(json_names::version)) {
        node.refuse(fmt::format("is not a trace of parley: no member \"{}\"", json_names::version));
    }
    const auto version = node.at(json_names::version).number<int>();
    if (version == Trace::version) return;
    node.refuse(fmt::format("is of version {}, but only {} can be read", version, Trace::version));
}

MemoryAccess read_memory(const JsonNode& node) {
    return {.variable = node.text_or_empty("variable"),
            .order = node.text_or_empty("order"),
            .value = node.text_or_empty("value"),
            .newest = node.text_or_empty("newest"),
            .file = node.text_or_empty("file"),
            .line = node.number_or_zero<int>("line")};
}

Event read_event(const JsonNode& node) {
    Event event;
    event.party = static_cast<model::Party>(read_name(node.at("party"), json_names::parties));
    event.kind = static_cast<EventKind>(read_name(node.at("kind"), json_names::event_kinds));
    event.what = node.text_or_empty("what");
    event.number = node.number_or_zero<int>("number");
    event.state = node.text_or_empty("state");
    event.left_to_right = node.text_or_empty("left_to_right");
    event.right_to_left = node.text_or_empty("right_to_left");
    if (node.has("memory")) event.memory = read_memory(node.at("memory"));
    return event;
}

std::vector<std::string> read_texts(const JsonNode& node) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < node.size(); ++i) texts.push_back(node.at(i).text());
    return texts;
}

RaceEnd read_race_end(const JsonNode& node) {
    return {node.at("access").text(), read_texts(node.at("stack"))};
}

Choices read_choices(const JsonNode& node) {
    try {
        return parse_choices(node.text());
    } catch (const InputError& error) {
        node.refuse(fmt::format("cannot be read: {}", error.what()));
    }
}

Trace read_trace(const JsonNode& node) {
    check_version(node);
    Trace trace;
    trace.protocol = node.at("protocol").text();
    trace.mutant = node.text_or_empty("mutant");
    trace.engine = node.at("engine").text();
    trace.scheduler = node.text_or_empty("scheduler");
    trace.left = node.at("left").text();
    trace.right = node.at("right").text();
    trace.bounds = node.numbers_by_name<int>("bounds");
    trace.seed = node.number_or_zero<std::uint64_t>("seed");
    trace.choices = read_choices(node.at("choices"));
    const JsonNode violation = node.at("violation");
    trace.violation = {violation.at("property").text(), violation.at("sentence").text(),
                       violation.text_or_empty("detail")};
    const JsonNode events = node.at("events");
    for (std::size_t i = 0; i < events.size(); ++i)
        trace.events.push_back(read_event(events.at(i)));
    if (node.has("loop_begin")) {
        trace.loop_begin = node.number_or_zero<std::size_t>("loop_begin");
        if (*trace.loop_begin >= trace.events.size()) {
            node.at("loop_begin").refuse("is not below the number of events");
        }
    }
    const JsonNode race = node.at("race");
    for (std::size_t i = 0; i < race.size(); ++i) trace.race.push_back(read_race_end(race.at(i)));
    return trace;
}

TransitionUse read_transition(const JsonNode& node) {
    return {.text = node.at("line").text(),
            .is_optional = node.at("optional").boolean(),
            .taken = node.at("taken").number<std::uint64_t>(),
            .refused = node.at("refused").number<std::uint64_t>()};
}

QueueFill read_queue(const JsonNode& node) {
    QueueFill queue{.text = node.at("queue").text(),
                    .capacity = node.at("capacity").number<std::size_t>(),
                    .must_be_full = node.at("must_be_full").boolean(),
                    .largest = node.at("largest").number<std::size_t>(),
                    .emptied = node.at("emptied").number<std::uint64_t>(),
                    .refused = node.at("refused").number<std::uint64_t>(),
                    .wrapped = {}};
    if (node.has("wrapped")) queue.wrapped = node.at("wrapped").number<std::uint64_t>();
    return queue;
}

Coverage read_coverage(const JsonNode& node) {
    Coverage coverage;
    const JsonNode transitions = node.at("transitions");
    for (std::size_t i = 0; i < transitions.size(); ++i) {
        const JsonNode each = transitions.at(i);
        const std::size_t party = read_name(each.at("party"), json_names::parties);
        coverage.transitions[party].push_back(read_transition(each));
    }
    const JsonNode queues = node.at("queues");
    if (queues.size() != coverage.queues.size()) queues.refuse("must have two elements");
    for (std::size_t i = 0; i < queues.size(); ++i) {
        coverage.queues[i] = read_queue(queues.at(i));
    }
    return coverage;
}

Report read_report(const JsonNode& node) {
    check_version(node);
    Report report;
    report.protocol = node.at("protocol").text();
    report.mutant = node.text_or_empty("mutant");
    report.engine = node.at("engine").text();
    report.scheduler = node.text_or_empty("scheduler");
    report.verdict = static_cast<Verdict>(read_name(node.at("verdict"), json_names::verdicts));
    report.reason = node.text_or_empty("reason");
    report.meaning = node.text_or_empty("meaning");
    report.counts = node.numbers_by_name<std::uint64_t>("counts");
    report.bounds = node.numbers_by_name<int>("bounds");
    report.outcomes = node.numbers_by_name<std::uint64_t>("outcomes");
    report.seed = node.number_or_zero<std::uint64_t>("seed");
    report.depth = node.number_or_zero<std::uint32_t>("depth");
    if (node.has("parts")) {
        const JsonNode parts = node.at("parts");
        for (std::size_t i = 0; i < parts.size(); ++i) report.parts.push_back(parts.at(i).text());
    }
    report.seconds = node.has("seconds") ? node.at("seconds").real() : 0;
    report.lifted = node.text_or_empty("lifted");
    report.shrunk = node.text_or_empty("shrunk");
    if (node.has("unreached")) report.unreached = read_texts(node.at("unreached"));
    if (node.has("coverage")) report.coverage = read_coverage(node.at("coverage"));
    if (node.has("trace")) report.trace = read_trace(node.at("trace"));
    return report;
}

/// The report that a trace belongs to, as far as the trace tells.
Report report_of(Trace trace) {
    Report report;
    report.protocol = trace.protocol;
    report.mutant = trace.mutant;
    report.engine = trace.engine;
    report.verdict = Verdict::violated;
    report.bounds = trace.bounds;
    report.seed = trace.seed;
    report.trace = std::move(trace);
    return report;
}

}  // namespace

Trace trace_from_json(std::string_view text, std::string_view where) {
    const nlohmann::json document = parse_document(text, where);
    return read_trace({document, where});
}

Report report_from_json(std::string_view text, std::string_view where) {
    const nlohmann::json document = parse_document(text, where);
    return read_report({document, where});
}

std::vector<Report> reports_from_json(std::string_view text, std::string_view where) {
    const nlohmann::json document = parse_document(text, where);
    const JsonNode node{document, where};
    check_version(node);
    if (node.has("verdict")) return {read_report(node)};
    if (!node.has("reports")) return {report_of(read_trace(node))};
    std::vector<Report> reports;
    const JsonNode list = node.at("reports");
    for (std::size_t i = 0; i < list.size(); ++i) reports.push_back(read_report(list.at(i)));
    return reports;
}

}  // namespace parley::checker
