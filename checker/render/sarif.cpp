#include "parley/checker/render/sarif.hpp"

#include "parley/checker/render/chart_rows.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace parley::checker::render {

namespace {

using Json = nlohmann::ordered_json;
using model::Party;

/// "data race" as the identifier of a rule: "parley/data-race".
std::string rule_id(std::string_view property) {
    std::string id = "parley/";
    for (const char c : property) {
        const bool is_plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_plain) {
            id += c;
        } else if (id.back() != '-' && id.back() != '/') {
            id += '-';
        }
    }
    return id;
}

Json message(std::string_view text) {
    return {{"text", printable(text)}};
}

/// A path below the root of the project is relative to it; another one is a file's.
Json artifact(const std::string& file) {
    const std::string path = printable(file);
    if (path.starts_with('/')) return {{"uri", "file://" + path}};
    return {{"uri", path}, {"uriBaseId", "SRCROOT"}};
}

Json physical(const Place& place) {
    return {{"artifactLocation", artifact(place.file)},
            {"region", {{"startLine", std::max(place.line, 1)}}}};
}

/// What one party did, step by step, with the place of each step in the whole run.
Json thread_flow(const Trace& trace, Party party) {
    Json locations = Json::array();
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        const Event& event = trace.events[i];
        if (event.party != party) continue;
        Json location{{"message", message(event_predicate(event))}};
        if (event.memory && !event.memory->file.empty()) {
            location["physicalLocation"] = physical({event.memory->file, event.memory->line, ""});
        }
        Json step{{"location", location}, {"executionOrder", i + 1}};
        if (!event.state.empty()) step["state"] = {{"role", message(event.state)}};
        locations.push_back(step);
    }
    return locations;
}

Json code_flow(const Trace& trace) {
    Json threads = Json::array();
    for (const Party party : {Party::left, Party::right}) {
        Json locations = thread_flow(trace, party);
        if (locations.empty()) continue;
        threads.push_back({{"id", printable(party == Party::left ? trace.left : trace.right)},
                           {"locations", locations}});
    }
    return {{"message", message("the interleaving, numbered over both parties")},
            {"threadFlows", threads}};
}

Json related(const Trace& trace) {
    Json locations = Json::array();
    for (const Place& place : race_places(trace)) {
        locations.push_back({{"id", locations.size() + 1},
                             {"message", message(place.what)},
                             {"physicalLocation", physical(place)}});
    }
    return locations;
}

Json result_of(const Result& result, std::size_t rule_index) {
    const Report& report = *result.report;
    const Trace& trace = *report.trace;
    std::string text = fmt::format("{}: {}.", title_of(report), trace.violation.sentence);
    if (!trace.violation.detail.empty()) text += fmt::format(" Seen: {}.", trace.violation.detail);
    Json json{{"ruleId", rule_id(trace.violation.property)},
              {"ruleIndex", rule_index},
              {"level", "error"},
              {"message", message(text)},
              {"locations", Json::array({{{"physicalLocation", physical(place_of(trace))}}})},
              {"partialFingerprints",
               {{"parleyViolation/v1",
                 printable(fmt::format("{}+{}/{}/{}", report.protocol, report.mutant, report.engine,
                                       trace.violation.property))}}}};
    if (const Json places = related(trace); !places.empty()) json["relatedLocations"] = places;
    if (!trace.events.empty()) json["codeFlows"] = Json::array({code_flow(trace)});
    json["properties"] = {{"bounds", bounds_text(report.bounds)}, {"seed", report.seed}};
    if (!result.replay.empty()) json["properties"]["replay"] = printable(result.replay);
    return json;
}

Json notifications(std::span<const Result> results) {
    Json list = Json::array();
    for (const Result& result : results) {
        const Report& report = *result.report;
        if (report.verdict == Verdict::violated || exit_code(report.verdict) == 0) continue;
        list.push_back({{"level", "warning"},
                        {"message", message(fmt::format("{}: {}: {}", title_of(report),
                                                        name_of(report.verdict), report.reason))}});
    }
    return list;
}

}  // namespace

std::string sarif(std::span<const Result> results) {
    Json rules = Json::array();
    std::vector<std::string> ids;
    Json found = Json::array();
    for (const Result& result : with_trace(results)) {
        const Violation& violation = result.report->trace->violation;
        const std::string id = rule_id(violation.property);
        const auto at = std::ranges::find(ids, id);
        const auto index = static_cast<std::size_t>(at - ids.begin());
        if (at == ids.end()) {
            ids.push_back(id);
            rules.push_back({{"id", id},
                             {"shortDescription", message(violation.property)},
                             {"fullDescription", message(violation.sentence)}});
        }
        found.push_back(result_of(result, index));
    }
    Json invocation{{"executionSuccessful", true}};
    if (const Json list = notifications(results); !list.empty()) {
        invocation["toolExecutionNotifications"] = list;
    }
    const Json driver{{"name", "Parley"}, {"semanticVersion", version()}, {"rules", rules}};
    const Json run{{"tool", {{"driver", driver}}},
                   {"invocations", Json::array({invocation})},
                   {"originalUriBaseIds",
                    {{"SRCROOT", {{"description", message("the root of the project")}}}}},
                   {"columnKind", "utf16CodeUnits"},
                   {"results", found}};
    const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({run})}};
    return log.dump(2) + "\n";
}

}  // namespace parley::checker::render
