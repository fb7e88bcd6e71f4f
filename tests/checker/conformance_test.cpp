#include "parley/checker/conformance.hpp"

#include "parley/checker/explore_entry.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/report.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/tests/checker/pages.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <string>

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
    CHECK_THAT(mismatch(ask, answer + ";b --> b : ?Ask, deferred"),
               Contains("expected no 'deferred'"));
    const Page page = checker::read_page("my.md", page_of(ask, answer));
    const Subject other{"my", "", {"requester", "right"}, {{{"Ask"}, {"Answer"}}}, {}};
    CHECK_THROWS_WITH(Conformance(page, other),
                      Contains("my.md:7: expected 'requester', the name of the role"));
}

}  // namespace parley::tests
