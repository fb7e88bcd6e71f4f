#include "parley/checker/page.hpp"

#include "parley/checker/report.hpp"
#include "parley/tests/checker/pages.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

namespace parley::tests {

using checker::InputError;
using checker::read_page;
using specs::model::Direction;
using specs::model::Handling;
using specs::model::Page;

namespace {

const std::string sender = around("a --> b : !Go; b --> a : ?Done");
const std::string receiver = around("a --> b : ?Go; b --> a : !Done");

/// What is said about a page that is refused.
std::string refusal(const std::string& text) {
    try {
        static_cast<void>(read_page("my.md", text));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("page: what it says becomes two automata") {
    const Page page = read_page("my.md", page_of(sender, receiver));
    CHECK(page.parties[0].name == "left");
    CHECK(page.parties[1].name == "right");
    CHECK(page.messages == std::vector<std::string>{"Go", "Done"});
    CHECK(page.capacities == std::array<std::size_t, 2>{2, 2});
    CHECK_FALSE(page.key);
    CHECK(page.parties[0].states == std::vector<std::string>{"a", "b"});
    CHECK(page.parties[0].is_accepting == std::vector<bool>{true, false});
    REQUIRE(page.parties[0].transitions.size() == 2);
    const auto& go = page.parties[0].transitions[0];
    CHECK(go.direction == Direction::send);
    CHECK(go.handling == Handling::taken);
    CHECK(go.line == 11);
    CHECK(checker::quote_line(page, go.line) == "my.md:11: a --> b : !Go");
}

TEST_CASE("page: marks, keys, notes, comments and line ends of any kind") {
    std::string text =
        page_of(around("%% a comment;direction LR;note right of a : said here; note left of a; "
                       "more;end note;a-->b:!Go(id);b --> a : ?Done(id) , optional;"
                       "a --> a : ?Done(id), ignored, optional;b --> b : ?Wait(id), deferred"),
                around("a --> b : ?Go(id); b --> a : !Done(id); b --> b : !Wait(id), optional"),
                "| key | values | why |\n|---|---|---|\n| id | 3 | window |\n\n"
                "| transport | tolerated |\n|---|---|\n| fifo | yes |\n| lossy | no |\n");
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
        text.insert(at, "\r");
    }
    const Page page = read_page("my.md", text);
    REQUIRE(page.key);
    CHECK(*page.key == specs::model::Key{"id", 3});
    CHECK(page.transports == std::vector<std::string>{"fifo"});
    const auto& transitions = page.parties[0].transitions;
    REQUIRE(transitions.size() == 4);
    CHECK(transitions[1].is_optional);
    CHECK(transitions[2].handling == Handling::ignored);
    CHECK(transitions[2].is_optional);
    CHECK(transitions[3].handling == Handling::deferred);
    CHECK(transitions[0].line == 17);
}

TEST_CASE("page: other blocks, tables and headings are prose") {
    const std::string prose =
        "# My protocol\n\n```mermaid\nsequenceDiagram\n    a->>b: Go\n```\n\n"
        "```cpp\nint main() {}\n```\n\n| property | holds |\n|---|---|\n| all | yes |\n\n";
    CHECK(read_page("my.md", prose + page_of(sender, receiver)).parties[0].name == "left");
}

TEST_CASE("page: a mistake is answered with its line and what was expected") {
    const std::string go = "a --> b : !Go; b --> a : ?Done";
    const auto [left, words] = GENERATE_COPY(table<std::string, std::string>({
        {around("a -> b : !Go"), "my.md:11: expected '-->', found '->'"},
        {around("a --> b"), "my.md:11: expected ': !MESSAGE' or ': ?MESSAGE', found the end"},
        {around("a --> b : Go"), "expected '!' to send or '?' to receive, found 'Go'"},
        {around("a --> b : !"), "expected the name of a message, found the end of the line"},
        {around("a --> b : !Go(id"), "expected ')', found the end of the line"},
        {around("a --> b : !Go optional"), "expected ',' or the end of the line"},
        {around("a --> b : !Go, optionl"), "found 'optionl'; did you mean 'optional'?"},
        {around("a --> b : ?Go, ignored"), "changes nothing: expected 'a --> a'"},
        {around("a --> a : !Go, deferred"), "only what is received can be deferred"},
        {around(go + ";a --> a : !Go"), "my.md:13: line 11 says already what !Go does in a"},
        {around(go + ";a --> b : !Go(id)"), "expected 'Go' as in line 11"},
        {around(go + ";[*] --> b"), "left has a start already"},
        {around(go + ";[*] --> [*]"), "expected a state before or after '-->'"},
        {around(go + ";b --> [*] : !Go"), "expected the end of the line after '[*]'"},
        {around(go + ";state b {"), "found 'state', a word of Mermaid's"},
        {around(go + ";2b --> a : ?Go"), "expected a state or '[*]', found '2b'"},
        {around(go + ";note left of a"), "expected 'end note'"},
        {"a --> [*];" + go, "my.md:7: expected a line '[*] --> STATE'"},
        {"[*] --> a;" + go, "my.md:7: expected a line 'STATE --> [*]'"},
        {around("a --> b : !Done; b --> a : ?Go"), "Done is sent by left too (line 11)"},
    }));
    INFO(left);
    CHECK_THAT(refusal(page_of(left, receiver)), Catch::Matchers::Contains(words));
}

TEST_CASE("page: a mistake in a table is answered with its line and the nearest name") {
    const std::string good = page_of(sender, receiver);
    const auto [from, to, words] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {"| left to right | 2 |", "| lft to right | 2 |", "my.md:3: expected 'left' or 'right'"},
        {"| left to right | 2 |", "| lft to right | 2 |", "did you mean 'left'?"},
        {"| left to right | 2 |", "| left to left | 2 |", "expected 'left to right'"},
        {"| left to right | 2 |", "| left right | 2 |", "expected 'left to right'"},
        {"| left to right | 2 |", "| left to right |", "expected a capacity from 1 to 64"},
        {"| left to right | 2 |", "| left to right | 65 |", "expected a capacity from 1 to 64"},
        {"| left to right | 2 |", "| left to right | -1 |", "expected a capacity from 1 to 64"},
        {"| left to right | 2 |\n", "", "my.md:1: expected a row 'left to right' in this table"},
        {"| left to right | 2 |", "| right to left | 2 |", "has a capacity already"},
        {"| queue | capacity |", "| queue | size |", "expected a table 'queue | capacity'"},
        {"| queue | capacity |", "| Queue | size |", "expected a table 'queue | capacity'"},
        {"## left", "## The left one", "found 'The left one'"},
        {"## right", "## left", "left has a diagram already (line 7)"},
        {"## right\n```mermaid", "## right\n```mermid", "for each party, found 1"},
        {"stateDiagram-v2", "stateDiagram", "expected 'stateDiagram-v2', found 'stateDiagram'"},
    }));
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    INFO(text);
    CHECK_THAT(refusal(text), Catch::Matchers::Contains(words));
}

TEST_CASE("page: a key and a transport need to be ones that there are") {
    const std::string keyed = around("a --> b : !Go(id); b --> a : ?Done(id)");
    const std::string answers = around("a --> b : ?Go(id); b --> a : !Done(id)");
    const auto table = [](const std::string& head, const std::string& row) {
        return "| " + head + " |\n|---|---|\n| " + row + " |\n";
    };
    const auto with = [&](const std::string& tables) {
        return refusal(page_of(keyed, answers, tables));
    };
    CHECK_THAT(with(""), Catch::Matchers::Contains("expected a table 'key | values'"));
    CHECK_THAT(with(table("key | values", "number | 2")),
               Catch::Matchers::Contains("expected the key 'id' of line 11, found 'number'"));
    CHECK_THAT(with(table("key | values", "id | 17")),
               Catch::Matchers::Contains("expected a number of values from 1 to 16"));
    CHECK_THAT(refusal(page_of(sender, receiver, table("key | values", "id | 2"))),
               Catch::Matchers::Contains("'!MESSAGE(id)': line 11 has none"));
    CHECK_THAT(refusal(page_of(sender, receiver, table("transport | tolerated", "lossi | yes"))),
               Catch::Matchers::Contains("did you mean 'lossy'?"));
    CHECK_THAT(refusal(page_of(sender, receiver, table("transport | tolerated", "lossy | maybe"))),
               Catch::Matchers::Contains("expected 'yes' or 'no', found 'maybe'"));
}

TEST_CASE("page: what is no text is refused") {
    CHECK_THAT(refusal(std::string("# a\n\0b", 6)),
               Catch::Matchers::Equals("my.md:2: expected text, found a byte 0x00"));
    CHECK_THAT(refusal("\x7f"
                       "ELF\x02\x01"),
               Catch::Matchers::Contains("found a byte 0x02"));
    CHECK_THAT(refusal(""), Catch::Matchers::Contains("my.md:1: expected two blocks 'mermaid'"));
    CHECK_THAT(refusal(std::string(1'100'000, 'x')), Catch::Matchers::Contains("at most 1 MiB"));
}

TEST_CASE("page: a page that is cut off anywhere in its diagrams is refused") {
    const std::string text = page_of(sender, receiver);
    for (std::size_t size = 0; size < text.rfind("```"); ++size) {
        INFO(text.substr(0, size));
        CHECK_THAT(refusal(text.substr(0, size)), Catch::Matchers::StartsWith("my.md:"));
    }
}

TEST_CASE("page: Markdown without end is refused in no time") {
    const std::string piece = GENERATE("[", ">", "*", "`", "|", "- ", "\n>", "![", "&a;");
    std::string text;
    while (text.size() < 200'000) text += piece;
    CHECK_THAT(refusal(text), Catch::Matchers::Contains("expected two blocks 'mermaid'"));
}

TEST_CASE("page: a table with more cells than text is refused") {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "|a";
    text += "\n";
    for (int i = 0; i < 2000; ++i) text += "|---";
    text += "\n";
    for (int i = 0; i < 2000; ++i) text += "|x|\n";
    CHECK_THAT(refusal(text + page_of(sender, receiver)),
               Catch::Matchers::Contains("too many cells of tables"));
}

TEST_CASE("page: names that are too long and too many states are refused") {
    CHECK_THAT(refusal(page_of(around("a --> b : !" + std::string(65, 'x')), receiver)),
               Catch::Matchers::Contains("longer than 64 characters"));
    std::string lines;
    for (int i = 0; i < 10'001; ++i) {
        lines += ";s" + std::to_string(i) + " --> s" + std::to_string(i + 1) + " : !Go";
    }
    CHECK_THAT(refusal(page_of(around("a --> s0 : !Go" + lines), receiver)),
               Catch::Matchers::Contains("left has more than 10000 states"));
}

TEST_CASE("page: a capacity may be marked, and by nothing but 'full'") {
    const auto with_capacity = [](const std::string& capacity) {
        std::string text = page_of(around("a --> a : !Ask"), around("a --> a : ?Ask"));
        const std::string row = "left to right | 2";
        text.replace(text.find(row), row.size(), "left to right | " + capacity);
        return checker::read_page("my.md", text);
    };
    CHECK_FALSE(with_capacity("3").must_be_full[0]);
    const specs::model::Page page = with_capacity("3, full");
    CHECK(page.capacities[0] == 3);
    CHECK(page.must_be_full[0]);
    CHECK_FALSE(page.must_be_full[1]);
    for (const char* capacity : {"3, ful", "3,", "3, full, full", ", full", "full"}) {
        CHECK_THROWS_AS(with_capacity(capacity), checker::InputError);
    }
}

}  // namespace parley::tests
