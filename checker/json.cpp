#include "parley/checker/json.hpp"

#include "parley/checker/json_node.hpp"
#include "parley/checker/replay_line.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <utility>

namespace parley::checker {

namespace {

using Json = nlohmann::ordered_json;
using model::Party;

constexpr std::string_view version_key = "parley_trace";

constexpr std::array<std::string_view, 2> party_names{"left", "right"};
constexpr std::array<std::string_view, 14> kind_names{
    "send", "refuse", "receive", "act",    "make",  "access", "destroy",
    "reject", "load", "store",   "modify", "fence", "plain",  "note"};
constexpr std::array<std::string_view, 5> verdict_names{"verified", "passed", "violated",
                                                        "incomplete", "vacuous"};

// --- writing ---

void put(Json& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

void put(Json& object, const char* key, int number) {
    if (number != 0) object[key] = number;
}

template <class Number>
Json pairs(const std::vector<std::pair<std::string, Number>>& values) {
    Json list = Json::array();
    for (const auto& [name, number] : values) list.push_back(Json::array({name, number}));
    return list;
}

Json memory_json(const MemoryAccess& memory) {
    Json object = Json::object();
    put(object, "variable", memory.variable);
    put(object, "order", memory.order);
    put(object, "value", memory.value);
    put(object, "newest", memory.newest);
    put(object, "file", memory.file);
    put(object, "line", memory.line);
    return object;
}

Json event_json(const Event& event) {
    Json object;
    object["party"] = party_names[index_of(event.party)];
    object["kind"] = kind_names[static_cast<std::size_t>(event.kind)];
    put(object, "what", event.what);
    put(object, "number", event.number);
    put(object, "state", event.state);
    put(object, "left_to_right", event.left_to_right);
    put(object, "right_to_left", event.right_to_left);
    if (event.memory) object["memory"] = memory_json(*event.memory);
    return object;
}

Json trace_json(const Trace& trace) {
    Json object;
    object[version_key] = Trace::version;
    object["protocol"] = trace.protocol;
    object["mutant"] = trace.mutant;
    object["engine"] = trace.engine;
    object["left"] = trace.left;
    object["right"] = trace.right;
    object["bounds"] = pairs(trace.bounds);
    object["seed"] = trace.seed;
    object["choices"] = to_text(trace.choices);
    const Violation& violation = trace.violation;
    object["violation"] = {{"property", violation.property},
                           {"sentence", violation.sentence},
                           {"detail", violation.detail}};
    Json events = Json::array();
    for (const Event& event : trace.events) events.push_back(event_json(event));
    object["events"] = std::move(events);
    Json race = Json::array();
    for (const RaceEnd& end : trace.race) {
        race.push_back({{"access", end.access}, {"stack", end.stack}});
    }
    object["race"] = std::move(race);
    return object;
}

Json report_json(const Report& report) {
    Json object;
    object[version_key] = Trace::version;
    object["protocol"] = report.protocol;
    object["mutant"] = report.mutant;
    object["engine"] = report.engine;
    object["scheduler"] = report.scheduler;
    object["verdict"] = verdict_names[static_cast<std::size_t>(report.verdict)];
    object["reason"] = report.reason;
    object["meaning"] = report.meaning;
    object["counts"] = pairs(report.counts);
    object["bounds"] = pairs(report.bounds);
    object["outcomes"] = pairs(report.outcomes);
    object["seed"] = report.seed;
    object["seconds"] = report.seconds;
    object["lifted"] = report.lifted;
    if (report.trace) object["trace"] = trace_json(*report.trace);
    return object;
}

/// Texts of the code under check need not be UTF-8: what is not is replaced.
std::string dump(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

// --- reading ---

template <std::size_t N>
std::size_t read_name(const JsonNode& node, const std::array<std::string_view, N>& names) {
    const std::string text = node.text();
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) return i;
    }
    node.refuse("has a value that is not known");
}

void check_version(const JsonNode& node) {
    if (!node.has(version_key)) {
        node.refuse(fmt::format("is not a trace of parley: no member \"{}\"", version_key));
    }
    const auto version = node.at(version_key).number<int>();
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
    event.party = static_cast<Party>(read_name(node.at("party"), party_names));
    event.kind = static_cast<EventKind>(read_name(node.at("kind"), kind_names));
    event.what = node.text_or_empty("what");
    event.number = node.number_or_zero<int>("number");
    event.state = node.text_or_empty("state");
    event.left_to_right = node.text_or_empty("left_to_right");
    event.right_to_left = node.text_or_empty("right_to_left");
    if (node.has("memory")) event.memory = read_memory(node.at("memory"));
    return event;
}

RaceEnd read_race_end(const JsonNode& node) {
    RaceEnd end{node.at("access").text(), {}};
    const JsonNode stack = node.at("stack");
    for (std::size_t i = 0; i < stack.size(); ++i) end.stack.push_back(stack.at(i).text());
    return end;
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
    trace.left = node.at("left").text();
    trace.right = node.at("right").text();
    trace.bounds = node.numbers_by_name<int>("bounds");
    trace.seed = node.number_or_zero<std::uint64_t>("seed");
    trace.choices = read_choices(node.at("choices"));
    const JsonNode violation = node.at("violation");
    trace.violation = {violation.at("property").text(), violation.at("sentence").text(),
                       violation.text_or_empty("detail")};
    const JsonNode events = node.at("events");
    for (std::size_t i = 0; i < events.size(); ++i) trace.events.push_back(read_event(events.at(i)));
    const JsonNode race = node.at("race");
    for (std::size_t i = 0; i < race.size(); ++i) trace.race.push_back(read_race_end(race.at(i)));
    return trace;
}

Report read_report(const JsonNode& node) {
    check_version(node);
    Report report;
    report.protocol = node.at("protocol").text();
    report.mutant = node.text_or_empty("mutant");
    report.engine = node.at("engine").text();
    report.scheduler = node.text_or_empty("scheduler");
    report.verdict = static_cast<Verdict>(read_name(node.at("verdict"), verdict_names));
    report.reason = node.text_or_empty("reason");
    report.meaning = node.text_or_empty("meaning");
    report.counts = node.numbers_by_name<std::uint64_t>("counts");
    report.bounds = node.numbers_by_name<int>("bounds");
    report.outcomes = node.numbers_by_name<std::uint64_t>("outcomes");
    report.seed = node.number_or_zero<std::uint64_t>("seed");
    report.seconds = node.has("seconds") ? node.at("seconds").real() : 0;
    report.lifted = node.text_or_empty("lifted");
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

std::string to_json(const Trace& trace) { return dump(trace_json(trace), 1); }

std::string to_json(const Report& report) { return dump(report_json(report), -1); }

std::string to_json(const std::vector<Report>& reports) {
    Json object;
    object[version_key] = Trace::version;
    object["reports"] = Json::array();
    for (const Report& report : reports) object["reports"].push_back(report_json(report));
    return dump(object, 1);
}

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
