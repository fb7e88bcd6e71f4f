#include "parley/checker/json.hpp"

#include "parley/checker/json_names.hpp"
#include "parley/checker/replay_line.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <utility>

namespace parley::checker {

namespace {

using Json = nlohmann::ordered_json;

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
    object["party"] = json_names::parties[index_of(event.party)];
    object["kind"] = json_names::event_kinds[static_cast<std::size_t>(event.kind)];
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
    object[json_names::version] = Trace::version;
    object["protocol"] = trace.protocol;
    object["mutant"] = trace.mutant;
    object["engine"] = trace.engine;
    put(object, "scheduler", trace.scheduler);
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
    if (trace.loop_begin) object["loop_begin"] = *trace.loop_begin;
    Json race = Json::array();
    for (const RaceEnd& end : trace.race) {
        race.push_back({{"access", end.access}, {"stack", end.stack}});
    }
    object["race"] = std::move(race);
    return object;
}

Json transition_json(const TransitionUse& use, std::size_t party) {
    Json object;
    object["party"] = json_names::parties[party];
    object["line"] = use.text;
    object["optional"] = use.is_optional;
    object["taken"] = use.taken;
    object["refused"] = use.refused;
    return object;
}

Json queue_json(const QueueFill& queue) {
    Json object;
    object["queue"] = queue.text;
    object["capacity"] = queue.capacity;
    object["must_be_full"] = queue.must_be_full;
    object["largest"] = queue.largest;
    object["emptied"] = queue.emptied;
    object["refused"] = queue.refused;
    if (queue.wrapped) object["wrapped"] = *queue.wrapped;
    return object;
}

Json coverage_json(const Coverage& coverage) {
    Json transitions = Json::array();
    for (std::size_t party = 0; party < coverage.transitions.size(); ++party) {
        for (const TransitionUse& each : coverage.transitions[party]) {
            transitions.push_back(transition_json(each, party));
        }
    }
    Json queues = Json::array();
    for (const QueueFill& queue : coverage.queues) queues.push_back(queue_json(queue));
    return {{"transitions", std::move(transitions)}, {"queues", std::move(queues)}};
}

Json report_json(const Report& report) {
    Json object;
    object[json_names::version] = Trace::version;
    object["protocol"] = report.protocol;
    object["mutant"] = report.mutant;
    object["engine"] = report.engine;
    object["scheduler"] = report.scheduler;
    object["verdict"] = json_names::verdicts[static_cast<std::size_t>(report.verdict)];
    object["reason"] = report.reason;
    object["meaning"] = report.meaning;
    object["counts"] = pairs(report.counts);
    object["bounds"] = pairs(report.bounds);
    object["outcomes"] = pairs(report.outcomes);
    object["seed"] = report.seed;
    if (report.depth != 0) object["depth"] = report.depth;
    if (!report.parts.empty()) object["parts"] = report.parts;
    object["seconds"] = report.seconds;
    object["lifted"] = report.lifted;
    put(object, "shrunk", report.shrunk);
    if (!report.unreached.empty()) object["unreached"] = report.unreached;
    if (report.coverage) object["coverage"] = coverage_json(*report.coverage);
    if (report.trace) object["trace"] = trace_json(*report.trace);
    return object;
}

/// Texts of the code under check need not be UTF-8: what is not is replaced.
std::string in_one_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// For people: what is short in one line, the members of everything else in lines of their own.
std::string in_lines(const Json& json, const std::string& indent) {
    constexpr std::size_t short_max = 90;
    std::string line = in_one_line(json);
    if (!json.is_structured() || line.size() <= short_max) return line;
    const std::string inner = indent + "  ";
    std::string text;
    for (const auto& [key, value] : json.items()) {
        text += (text.empty() ? "\n" : ",\n") + inner;
        if (json.is_object()) text += in_one_line(key) + ": ";
        text += in_lines(value, inner);
    }
    const std::string brackets = json.is_object() ? "{}" : "[]";
    return brackets.substr(0, 1) + text + "\n" + indent + brackets.substr(1);
}

}  // namespace

std::string to_json(const Trace& trace) {
    return in_lines(trace_json(trace), "") + "\n";
}

std::string to_json(const Report& report) {
    return in_one_line(report_json(report)) + "\n";
}

std::string to_json(const std::vector<Report>& reports) {
    Json object;
    object[json_names::version] = Trace::version;
    object["reports"] = Json::array();
    for (const Report& report : reports) object["reports"].push_back(report_json(report));
    return in_lines(object, "") + "\n";
}

}  // namespace parley::checker
