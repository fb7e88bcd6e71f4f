#include "parley/checker/render/result.hpp"

#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/stack_text.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>

namespace parley::checker::render {

namespace {

std::optional<Place> frame_place(const RaceEnd& end) {
    std::optional<Place> innermost;
    for (const std::string& frame : end.stack) {
        std::optional<Place> place = parse_place(frame);
        if (!place || place->file.empty()) continue;
        if (!is_of_system(*place)) return place;
        if (!innermost) innermost = std::move(place);
    }
    return innermost;
}

/// The line of a page that a violation of conformance quotes: "specs/x.md:52: ...".
std::optional<Place> quoted_place(std::string_view detail) {
    const auto at = detail.find(".md:");
    if (at == std::string_view::npos) return std::nullopt;
    const auto end = detail.find_first_not_of("0123456789", at + 4);
    return parse_place(detail.substr(0, end));
}

}  // namespace

std::vector<Result> with_trace(std::span<const Result> results) {
    std::vector<Result> failed;
    std::ranges::copy_if(results, std::back_inserter(failed), [](const Result& result) {
        return result.report->verdict == Verdict::violated && result.report->trace;
    });
    return failed;
}

std::string title_of(const Report& report) {
    std::string engine = report.engine;
    if (!report.scheduler.empty()) engine += fmt::format(" ({})", report.scheduler);
    return fmt::format("{} with {}", subject(report.protocol, report.mutant), printable(engine));
}

std::vector<Place> race_places(const Trace& trace) {
    std::vector<Place> places;
    for (const RaceEnd& end : trace.race) {
        std::optional<Place> place = frame_place(end);
        if (!place) continue;
        place->what = printable(end.access);
        places.push_back(std::move(*place));
    }
    return places;
}

Place place_of(const Trace& trace) {
    const std::vector<Place> race = race_places(trace);
    if (!race.empty()) return race.front();
    if (const auto quoted = quoted_place(trace.violation.detail)) return *quoted;
    for (const Event& event : trace.events | std::views::reverse) {
        if (event.memory && !event.memory->file.empty()) {
            return {event.memory->file, event.memory->line, ""};
        }
    }
    return {fmt::format("specs/{}.md", printable(trace.protocol)), 1, ""};
}

std::string escaped_for_xml(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '&':
                result += "&amp;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c == '\n' ? "\n" : printable({&c, 1});
        }
    }
    return result;
}

}  // namespace parley::checker::render
