#include "parley/stress/suppressions.hpp"

#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::stress {
namespace {

using Catch::Matchers::Contains;

TsanReport report_with(const std::string& innermost, const std::string& outer,
                       const std::string& file) {
    TsanReport report;
    report.accesses.push_back({.thread = "left",
                               .stack = {{.function = innermost, .file = {}, .line = 0},
                                         {.function = outer, .file = file, .line = 3}}});
    return report;
}

bool is_suppressed(const std::string& line, const TsanReport& report) {
    return matches(parse_suppressions(line, "file").at(0), report);
}

}  // namespace

TEST_CASE(
    "suppressions: a pattern stands for any part, a star for any text, ^ and $ for the ends") {
    CHECK(matches("push", "try_push(int)"));
    CHECK(matches("try*int", "try_push(int)"));
    CHECK(matches("^try", "try_push(int)"));
    CHECK(matches("int)$", "try_push(int)"));
    CHECK(matches("^try_push(int)$", "try_push(int)"));
    CHECK(matches("a*b$", "a b a b"));
    CHECK(matches("b$", "b a b"));
    CHECK_FALSE(matches("^push", "try_push(int)"));
    CHECK_FALSE(matches("push$", "try_push(int)"));
    CHECK_FALSE(matches("int*try", "try_push(int)"));
    CHECK_FALSE(matches("^a*b$", "a b c"));
    CHECK_FALSE(matches("x", ""));
}

TEST_CASE("suppressions: race looks at all frames, race_top at the innermost") {
    const TsanReport report = report_with("pop()", "run()", "src/queue.hpp");
    CHECK(is_suppressed("race:run", report));
    CHECK(is_suppressed("race:queue.hpp$", report));
    CHECK(is_suppressed("race_top:^pop", report));
    CHECK_FALSE(is_suppressed("race_top:run", report));
    CHECK_FALSE(is_suppressed("race:push", report));
}

TEST_CASE("suppressions: comments, blanks and the lines' numbers") {
    const auto list = parse_suppressions("# one\n\n  race: a b \r\nrace_top:c", "file");
    REQUIRE(list.size() == 2);
    CHECK(list[0] == Suppression{.kind = "race", .pattern = "a b", .line = 3});
    CHECK(list[1] == Suppression{.kind = "race_top", .pattern = "c", .line = 4});
    CHECK(parse_suppressions("", "file").empty());
}

TEST_CASE("suppressions: what is none is refused with its place and the nearest word") {
    const auto [text, words] = GENERATE(table<std::string, std::string>({
        {"race:a\nrase:b", "file:2: unknown kind of report 'rase'; did you mean 'race'?"},
        {"race", "file:1: 'race' names no function"},
        {"race:", "names no function"},
        {"race:^*$", "names no function"},
        {"mutex:a", "reports of kind 'mutex' are not made here"},
    }));
    CHECK_THROWS_WITH(parse_suppressions(text, "file"), Contains(words));
    CHECK_THROWS_AS(parse_suppressions(text, "file"), checker::InputError);
}

}  // namespace parley::stress
