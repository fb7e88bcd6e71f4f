#include "parley/checker/conformance.hpp"

#include "parley/checker/explore_entry.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/report.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/tests/checker/pages.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"
#include "parley/tests/skeletons/specs/files.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using checker::Conformance;
using checker::InputError;
using checker::PagePlace;
using checker::Report;
using checker::Subject;
using checker::Verdict;
using model::Party;
using specs::model::Direction;
using specs::model::Page;

struct KeyedAsk {
    std::uint32_t argument = 0;
    std::uint8_t id = 0;
};

namespace {

/// A page for CountedSend.
std::string counted_page(const std::string& client, const std::string& server) {
    std::string text = page_of(client, server);
    const auto rename = [&](const std::string& from, const std::string& to) {
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
            text.replace(at, from.size(), to);
            at += to.size();
        }
    };
    rename("left", "client");
    rename("right", "server");
    return text;
}

const Page& any_number() {
    static const Page page = checker::read_page(
        "counted.md", counted_page(around("a --> a : !Number"), around("a --> a : ?Number")));
    return page;
}

const Page& one_number() {
    static const Page page = checker::read_page(
        "counted.md", counted_page(around("a --> b : !Number"), around("a --> a : ?Number")));
    return page;
}

const Page& no_number_received() {
    static const Page page = checker::read_page(
        "counted.md", counted_page(around("a --> a : !Number"), around("a --> a : ?Other")));
    return page;
}

Report explored_with(checker::PageSource page) {
    checker::CheckOptions check;
    check.bounds = {{"capacity", 2}, {"messages", 3}};
    return checker::explore_variant<CountedSend>("small", page).runner.check(check);
}

/// What is said about a page that does not suit its roles.
std::string mismatch(const std::string& client, const std::string& server) {
    const Page page = checker::read_page("my.md", page_of(client, server));
    try {
        const Subject subject{"my", "", {"left", "right"}, {{{"Ask"}, {"Answer"}}}, {}};
        static_cast<void>(Conformance(page, subject));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("conformance: roles that do what their page says pass, with the same states") {
    const Report with = explored_with(&any_number);
    const Report without = explored<CountedSend>({{"capacity", 2}, {"messages", 3}});
    CHECK(with.verdict == Verdict::verified);
    CHECK(with.count("states") == without.count("states"));
    CHECK(with.count("transitions") == without.count("transitions"));
}

TEST_CASE("conformance: a send that the page does not allow is a violation that quotes it") {
    const Report report = explored_with(&one_number);
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.property == specs::model::property::conformance);
    CHECK(report.trace->violation.detail ==
          "client sends Number in b; its page allows that only here: counted.md:11: a --> b : "
          "!Number");
    CHECK(report.trace->events.back().kind == checker::EventKind::send);
}

TEST_CASE("conformance: a reception that the page does not allow is a violation") {
    const Report report = explored_with(&no_number_received);
    REQUIRE(report.verdict == Verdict::violated);
    CHECK(report.trace->violation.detail ==
          "server receives Number in a; its page allows that nowhere");
}

TEST_CASE("conformance: each conversation has a place of its own") {
    const Page page =
        checker::read_page("my.md", page_of(around("a --> b : !Ask(id); b --> a : ?Answer(id)"),
                                            around("a --> b : ?Ask(id); b --> a : !Answer(id)"),
                                            "| key | values |\n|---|---|\n| id | 2 |\n"));
    const Subject subject{"my", "", {"left", "right"}, {{{"Ask"}, {"Answer"}}}, {}};
    const Conformance rules(page, subject);
    PagePlace place = rules.begin();
    CHECK(rules.advance(place, Party::left, Direction::send, 0, 0));
    CHECK(rules.advance(place, Party::left, Direction::send, 0, 15));
    CHECK_FALSE(rules.advance(place, Party::left, Direction::send, 0, 0));
    CHECK_FALSE(rules.advance(place, Party::left, Direction::send, 0, 16));
    CHECK_FALSE(rules.advance(place, Party::left, Direction::receive, 0, 1));
    CHECK(rules.advance(place, Party::left, Direction::receive, 0, 15));
    CHECK_THAT(rules.breach(place, Party::left, Direction::send, 0, 0),
               Contains("left sends Ask with id=0 in b"));
    CHECK_THAT(rules.breach(place, Party::left, Direction::send, 0, 16), Contains("below 16"));
}

TEST_CASE("conformance: the key is a field of each message, by name") {
    CHECK(checker::conversation_of(KeyedAsk{7, 3}, "id") == 3);
    CHECK(checker::conversation_of(KeyedAsk{7, 3}, "argument") == 7);
    CHECK(checker::conversation_of(KeyedAsk{7, 3}, "") == 0);
}

TEST_CASE("conformance: a page that does not suit its roles is bad input, with its line") {
    const std::string ask = around("a --> b : !Ask; b --> a : ?Answer");
    const std::string answer = around("a --> b : ?Ask; b --> a : !Answer");
    CHECK(mismatch(ask, answer).empty());
    CHECK_THAT(mismatch(around("a --> b : !Aks; b --> a : ?Answer"), answer),
               Contains("my.md:11: expected a message that role left sends, found 'Aks'; did you "
                        "mean 'Ask'?"));
    CHECK_THAT(mismatch(around("b --> a : ?Answer"), answer),
               Contains("expected a transition with '!Ask': role left can send it"));
    const Page page = checker::read_page("my.md", page_of(ask, answer));
    const Subject other{"my", "", {"requester", "right"}, {{{"Ask"}, {"Answer"}}}, {}};
    CHECK_THROWS_WITH(Conformance(page, other),
                      Contains("my.md:7: expected 'requester', the name of the role"));
}

TEST_CASE("conformance: what is deferred is taken as soon as a state takes it, the oldest first") {
    const Page page = checker::read_page(
        "my.md",
        page_of(around("a --> b : !Ask;b --> b : !More;b --> b : !Last;b --> a : ?Answer"),
                around("a --> b : ?Ask;b --> b : ?More, deferred;b --> b : ?Last, deferred;"
                       "b --> a : !Answer;a --> c : ?More;a --> a : ?Last, deferred;"
                       "c --> a : ?Last;c --> c : ?Ask, ignored")));
    const Subject subject{"my", "", {"left", "right"}, {{{"Ask", "More", "Last"}, {"Answer"}}}, {}};
    const Conformance rules(page, subject);
    checker::Coverage coverage = checker::begin_coverage(page, 2, false);
    PagePlace place = rules.begin();
    const auto receive = [&](std::size_t alternative) {
        return rules.advance(place, Party::right, Direction::receive, alternative, 0, &coverage);
    };
    CHECK(receive(0));
    CHECK(receive(2));
    CHECK(receive(1));
    CHECK(place.deferred[1].count == 2);
    CHECK(rules.left_over(place, Party::right) == "right has deferred Last and never takes it");
    CHECK(rules.left_over(place, Party::left).empty());
    // In a it takes More, though Last is older, and then Last in c.
    CHECK(rules.advance(place, Party::right, Direction::send, 0, 0, &coverage));
    CHECK(place.deferred[1].is_empty());
    CHECK(place.states[1][0] == 0);
    CHECK(rules.left_over(place, Party::right).empty());
    // A message that stays deferred counts for each event of its party.
    std::vector<std::uint64_t> taken;
    for (const auto& each : coverage.transitions[1]) taken.push_back(each.taken);
    CHECK(taken == std::vector<std::uint64_t>{1, 1, 2, 1, 1, 1, 1, 0});
}

TEST_CASE("conformance: what is deferred must be listed in each state until it is taken") {
    const Page page = checker::read_page(
        "my.md", page_of(around("a --> b : !Ask;b --> b : !More;b --> a : ?Answer"),
                         around("a --> b : ?Ask;b --> b : ?More, deferred;b --> a : !Answer")));
    const Subject subject{"my", "", {"left", "right"}, {{{"Ask", "More"}, {"Answer"}}}, {}};
    const Conformance rules(page, subject);
    PagePlace place = rules.begin();
    CHECK(rules.advance(place, Party::right, Direction::receive, 0, 0));
    for (int i = 0; i < 16; ++i) {
        CHECK(rules.advance(place, Party::right, Direction::receive, 1, 0));
    }
    CHECK_FALSE(rules.advance(place, Party::right, Direction::receive, 1, 0));
    CHECK_THAT(rules.breach(place, Party::right, Direction::receive, 1, 0),
               Contains("right defers more than 16 messages"));
    CHECK_FALSE(rules.advance(place, Party::right, Direction::send, 0, 0));
    CHECK_THAT(rules.breach(place, Party::right, Direction::send, 0, 0),
               Contains("right has deferred More, which its page does not list in a"));
}

namespace {

namespace files = protocols::files;

/// Forgets a Read that comes while it writes.
struct ForgetsRead : files::Server {
    using FieldsOf = files::Server;
    using FieldsOf::receive;
    void receive(const files::Read& message, auto& port) {
        if (state == State::idle) FieldsOf::receive(message, port);
    }
};

/// Takes a Read although its page defers it.
struct ReadsWhileWriting : files::Server {
    using FieldsOf = files::Server;
    using FieldsOf::receive;
    void receive(const files::Read&, auto&) { state = State::reading; }
};

template <class Server>
struct FilesWith : specs::files::Original<specs::model::CheckPlatform> {
    using Right = specs::files::ServerScript<Server>;
};

const Page& files_page() {
    static const Page page = [] {
        std::ostringstream text;
        text << std::ifstream(std::string{PARLEY_TESTS_DIR} + "/skeletons/specs/files.md").rdbuf();
        return checker::read_page("files.md", text.str());
    }();
    return page;
}

template <class Server>
Report explored_files() {
    return checker::explore_variant<FilesWith<Server>>("files", &files_page).runner.check({});
}

}  // namespace

TEST_CASE("conformance: a role that defers what its page defers passes, others do not") {
    CHECK(explored_files<files::Server>().verdict == Verdict::verified);
    const Report forgets = explored_files<ForgetsRead>();
    REQUIRE(forgets.verdict == Verdict::violated);
    CHECK(forgets.trace->violation.property == specs::model::property::deadlock);
    const Report reads = explored_files<ReadsWhileWriting>();
    REQUIRE(reads.verdict == Verdict::violated);
    CHECK(reads.trace->violation.property == specs::model::property::conformance);
    CHECK_THAT(reads.trace->violation.detail, Contains("server sends Data in writing"));
}

}  // namespace parley::tests
