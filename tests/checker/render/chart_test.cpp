#include "parley/checker/render/chart.hpp"
#include "parley/tests/checker/traces.hpp"
#include "parley/tests/golden.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

namespace parley::tests {

using checker::render::chart;
using checker::render::ChartStyle;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

bool is_plain(const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

/// Different messages, all sent before the first is received.
Trace many_in_flight(int count) {
    Trace trace = empty_trace();
    for (const EventKind kind : {EventKind::send, EventKind::receive}) {
        for (int i = 1; i <= count; ++i) {
            const Party party = kind == EventKind::send ? Party::left : Party::right;
            trace.events.push_back(
                event(party, kind, "Item(number=" + std::to_string(i) + ")", "", i));
        }
    }
    return trace;
}

}  // namespace

TEST_CASE("chart: messages that cross are drawn crossing") {
    check_golden("chart_crossing.txt", chart(crossing_trace(), {}));
}

TEST_CASE("chart: a race shows memory operations, stale reads and both ends") {
    check_golden("chart_race.txt", chart(race_trace(), {}));
}

TEST_CASE("chart: a repeated loop is folded with its count") {
    check_golden("chart_loop.txt", chart(loop_trace(20), {}));
}

TEST_CASE("chart: messages that wait in a queue keep their order") {
    check_golden("chart_queue.txt", chart(many_in_flight(6), {}));
}

TEST_CASE("chart: colour is only there when it is asked for") {
    check_golden("chart_colour.txt", chart(crossing_trace(), {.colour = true}));
    CHECK(is_plain(chart(crossing_trace(), {})));
}

TEST_CASE("chart: full shows every event") {
    check_golden("chart_full.txt", chart(race_trace(), {.full = true}));
}

TEST_CASE("chart: a run without events still tells the property") {
    Trace trace = empty_trace();
    trace.violation = {"leak", "every object is destroyed by the end", ""};
    CHECK(chart(trace, {}).find("leak: every object is destroyed by the end") != std::string::npos);
}

TEST_CASE("chart: no line is longer than 80 columns and a long run stays below 41 lines") {
    Trace long_names = crossing_trace();
    for (Event& each : long_names.events) {
        each.what += std::string(120, 'x');
        each.state = std::string(90, 's') + " and=more";
    }
    long_names.left = std::string(100, 'l');
    long_names.right = std::string(100, 'r');
    long_names.violation.detail = std::string(300, 'd');
    for (const Trace& trace :
         {crossing_trace(), race_trace(), loop_trace(1), many_in_flight(300), long_names}) {
        const auto lines = lines_of(chart(trace, {}));
        CHECK(lines.size() <= 40);
        for (const std::string& line : lines) CHECK(line.size() <= 80);
    }
}

TEST_CASE("chart: a trace cannot send codes to the terminal") {
    Trace trace = crossing_trace();
    trace.left = "\033[2Jrequester";
    trace.violation.sentence = "\033]0;title\a\n\xff";
    trace.events[0].what = "#1\r\n";
    trace.events[2].state = "\b\b\b";
    CHECK(is_plain(chart(trace, {})));
}

TEST_CASE("chart: numbers of messages that make no sense are drawn all the same") {
    Trace trace = crossing_trace();
    for (Event& each : trace.events) each.number = -1;
    CHECK(!chart(trace, {}).empty());
    std::ranges::reverse(trace.events);
    CHECK(!chart(trace, {}).empty());
}

}  // namespace parley::tests
