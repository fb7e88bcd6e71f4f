#include "parley/checker/json.hpp"
#include "parley/tests/checker/traces.hpp"
#include "parley/tests/golden.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using checker::InputError;
using checker::Report;
using checker::Verdict;

namespace {

Report full_report() {
    Report report;
    report.protocol = "one_shot";
    report.mutant = "relaxed_publish";
    report.engine = "relacy";
    report.scheduler = "full";
    report.verdict = Verdict::violated;
    report.reason = "none";
    report.meaning = "a \"meaning\"";
    report.counts = {{"executions", UINT64_MAX}, {"states", 0}};
    report.bounds = {{"rounds", -3}, {"capacity", 2}};
    report.outcomes = {{"fired", 1}, {"cancelled", 2}};
    report.seed = UINT64_MAX;
    report.seconds = 0.125;
    report.trace = race_trace();
    report.lifted = "not lifted";
    report.shrunk = "from 9 to 3 events in 27 runs";
    return report;
}

/// `text` with the first `from` replaced.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t place = text.find(from);
    REQUIRE(place != std::string::npos);
    return text.replace(place, from.size(), to);
}

}  // namespace

TEST_CASE("json: a trace is read as it was written") {
    for (const Trace& trace : {crossing_trace(), race_trace(), loop_trace(3), empty_trace()}) {
        CHECK(checker::trace_from_json(checker::to_json(trace), "t.json") == trace);
    }
}

TEST_CASE("json: a report is read as it was written") {
    const Report report = full_report();
    const Report again = checker::report_from_json(checker::to_json(report), "r.json");
    CHECK(again.protocol == report.protocol);
    CHECK(again.mutant == report.mutant);
    CHECK(again.engine == report.engine);
    CHECK(again.scheduler == report.scheduler);
    CHECK(again.verdict == report.verdict);
    CHECK(again.reason == report.reason);
    CHECK(again.meaning == report.meaning);
    CHECK(again.counts == report.counts);
    CHECK(again.bounds == report.bounds);
    CHECK(again.outcomes == report.outcomes);
    CHECK(again.seed == report.seed);
    CHECK(again.seconds == report.seconds);
    CHECK(again.trace == report.trace);
    CHECK(again.lifted == report.lifted);
    CHECK(again.shrunk == report.shrunk);
}

TEST_CASE("json: a report for a pipe is one line") {
    const std::string text = checker::to_json(full_report());
    CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("json: reports_from_json reads all three kinds of documents") {
    const std::vector<Report> reports{full_report(), full_report()};
    CHECK(checker::reports_from_json(checker::to_json(reports), "c.json").size() == 2);
    CHECK(checker::reports_from_json(checker::to_json(full_report()), "r.json").size() == 1);
    const auto one = checker::reports_from_json(checker::to_json(crossing_trace()), "t.json");
    REQUIRE(one.size() == 1);
    CHECK(one[0].verdict == Verdict::violated);
    CHECK(one[0].trace == crossing_trace());
    CHECK(one[0].bounds == crossing_trace().bounds);
}

TEST_CASE("json: a trace has the documented form") {
    check_golden("trace.json", checker::to_json(crossing_trace()));
}

TEST_CASE("json: texts that are not UTF-8 are written all the same") {
    Trace trace = crossing_trace();
    trace.events[0].what = "\xff\xfe";
    CHECK_NOTHROW(checker::trace_from_json(checker::to_json(trace), "t.json"));
}

TEST_CASE("json: every truncated trace is refused") {
    const std::string text = checker::to_json(race_trace());
    for (std::size_t size = 0; size + 2 < text.size(); size += 7) {
        CHECK_THROWS_AS(checker::reports_from_json(text.substr(0, size), "t.json"), InputError);
    }
}

TEST_CASE("json: every damaged byte is refused or read, and nothing else happens") {
    const std::string text = checker::to_json(full_report());
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string damaged = text;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
        try {
            checker::reports_from_json(damaged, "t.json");
        } catch (const InputError&) {
        }
    }
    SUCCEED();
}

TEST_CASE("json: another version is refused by its number") {
    const std::string text =
        replaced(checker::to_json(crossing_trace()), "\"parley_trace\": 1", "\"parley_trace\": 2");
    CHECK_THROWS_WITH(checker::reports_from_json(text, "t.json"),
                      Contains("t.json") && Contains("version 2"));
    CHECK_THROWS_WITH(checker::reports_from_json("{}", "t.json"),
                      Contains("not a trace of parley"));
}

TEST_CASE("json: wrong types and values are refused with their place") {
    const std::string text = checker::to_json(crossing_trace());
    const auto [from, to, place] = GENERATE(table<std::string, std::string, std::string>({
        {"\"protocol\": \"one_shot\"", "\"protocol\": 7", "protocol must be a text"},
        {"\"seed\": 7", "\"seed\": -7", "seed must be a whole number in range"},
        {"\"seed\": 7", "\"seed\": 7.5", "seed must be a whole number in range"},
        {"\"seed\": 7", "\"seed\": 18446744073709551616", "seed must be a whole number in range"},
        {"\"seed\": 7", "\"seed\": 1e999", "out of range"},
        {"\"kind\":\"make\"", "\"kind\":\"makes\"", "events[0].kind has a value that is not known"},
        {"\"party\":\"left\"", "\"party\":null", "events[0].party must be a text"},
        {"\"events\":", "\"event\":", "has no member \"events\""},
        {"\"race\": []", "\"race\": {}", "race must be an array"},
        {"\"race\": []", "\"race\": [1]", "race[0] must be an object"},
        {"\"choices\": \"2:01", "\"choices\": \"2:0^999999999999\", \"\": \"",
         "choices cannot be read"},
    }));
    CHECK_THROWS_WITH(checker::reports_from_json(replaced(text, from, to), "t.json"),
                      Contains("t.json") && Contains(place));
    CHECK_THROWS_AS(checker::reports_from_json(replaced(text, from, to), "t.json"), InputError);
}

TEST_CASE("json: documents that would use up memory or the stack are refused") {
    CHECK_THROWS_WITH(checker::reports_from_json(std::string(1'000'000, '['), "t.json"),
                      Contains("nested too deep"));
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    CHECK_THROWS_WITH(checker::reports_from_json(deep, "t.json"), Contains("nested too deep"));
    CHECK_THROWS_WITH(
        checker::reports_from_json(std::string(checker::json_bytes_max + 1, ' '), "t.json"),
        Contains("larger than 64 MiB"));
}

TEST_CASE("json: a document of too many values is refused", "[large]") {
    std::string many = "[0";
    for (std::size_t i = 0; i < checker::json_values_max; ++i) many += ",0";
    CHECK_THROWS_WITH(checker::reports_from_json(many + "]", "t.json"),
                      Contains("too many values"));
}

TEST_CASE("json: other documents are refused") {
    const auto text =
        GENERATE("", " ", "null", "[]", "1", "\"parley_trace\"", "{\"parley_trace\":1}",
                 "{\"parley_trace\":1,\"reports\":7}", "{\"parley_trace\":[]}",
                 "{\"parley_trace\":1,\"verdict\":\"perfect\"}", "\xff\xfe", "{} {}");
    CHECK_THROWS_AS(checker::reports_from_json(text, "t.json"), InputError);
}

}  // namespace parley::tests
