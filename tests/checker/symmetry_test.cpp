#include "parley/checker/codec.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/explore_entry.hpp"
#include "parley/checker/fifo.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/world.hpp"
#include "parley/tests/checker/crash_scope.hpp"
#include "parley/tests/checker/lanes.hpp"
#include "parley/tests/checker/orbit_count.hpp"
#include "parley/tests/checker/pages.hpp"
#include "parley/tests/checker/small_check.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <variant>

namespace parley::tests {

namespace {

using Catch::Matchers::Contains;
using checker::CheckOptions;
using checker::Report;
using checker::Verdict;
using Bounds = std::map<std::string, int>;

CheckOptions symmetric(bool is_safety_only = true) {
    CheckOptions check;
    check.is_symmetric = true;
    check.is_safety_only = is_safety_only;
    return check;
}

CheckOptions asymmetric(bool is_safety_only = true) {
    CheckOptions check = symmetric(is_safety_only);
    check.is_symmetric = false;
    return check;
}

Bytes written(auto&... parts) {
    Bytes bytes(1024);
    checker::Writer writer{bytes.data()};
    (writer(parts), ...);
    bytes.resize(writer.written().size());
    return bytes;
}

/// A state of correct Lanes with its lanes permuted, by hand.
std::vector<Bytes> permuted_lanes(const std::vector<Bytes>& state, const Permutation& to) {
    using L = Lanes<>;
    const auto set = [&](L::Set& lanes) {
        const L::Set old = lanes;
        lanes = {};
        for (unsigned lane = 0; lane < to.size(); ++lane) {
            if (old.has(lane)) lanes.add(to[lane]);
        }
    };
    const auto list = [&](auto& values) {
        const auto old = values;
        for (std::size_t lane = 0; lane < to.size(); ++lane) values[to[lane]] = old[lane];
    };
    const auto queue = [&](auto& messages) {
        messages.for_each([&](auto& message) {
            std::visit([&](auto& each) { each.lane = to[each.lane]; }, message);
        });
    };
    L::Left left;
    L::Right right;
    L::Monitors monitors;
    checker::Fifo<L::Client::Outbox> asks;
    checker::Fifo<L::Server::Outbox> answers;
    std::vector<Bytes> image = state;
    const auto part = [&](checker::Place place) -> Bytes& {
        return image[static_cast<std::size_t>(place)];
    };
    const auto read = [&](checker::Place place, auto& value) {
        checker::Reader{part(place)}(value);
    };
    read(checker::Place::left, left);
    read(checker::Place::right, right);
    read(checker::Place::monitors, monitors);
    checker::Reader{part(checker::Place::left_to_right)}(asks);
    checker::Reader{part(checker::Place::right_to_left)}(answers);
    set(left.role.open);
    if (left.role.looked_at < to.size()) left.role.looked_at = to[left.role.looked_at];
    list(left.role.answers);
    set(right.role.open);
    list(right.role.answers);
    set(std::get<0>(monitors).open);
    set(std::get<0>(monitors).answered);
    set(std::get<1>(monitors).lanes);
    queue(asks);
    queue(answers);
    part(checker::Place::left) = written(left);
    part(checker::Place::right) = written(right);
    part(checker::Place::monitors) = written(monitors);
    part(checker::Place::left_to_right) = written(asks);
    part(checker::Place::right_to_left) = written(answers);
    return image;
}

void check_counts(const Bounds& bounds) {
    Lanes<>::Options options;
    options.ticks.value = bounds.contains("ticks") ? bounds.at("ticks") : 0;
    options.lanes.value = bounds.at("lanes");
    options.asks.value = bounds.at("asks");
    options.capacity.value = bounds.at("capacity");
    checker::WorldSystem<Lanes<>> system{options};
    const OrbitCount count =
        count_orbits(system, static_cast<std::uint8_t>(bounds.at("lanes")), permuted_lanes);
    REQUIRE(count.is_closed);
    for (const unsigned threads : {1U, 3U}) {
        CheckOptions check = symmetric();
        check.threads = threads;
        check.bounds = bounds;
        const Report report = checker::explore_variant<Lanes<>>("lanes").runner.check(check);
        CHECK(report.has_orbits);
        CHECK(report.verdict == Verdict::verified);
        CHECK(report.count("states") == count.states);
        CHECK(report.count("orbits") == count.orbits);
        CHECK(report.count("transitions") == count.orbit_transitions);
    }
    const Report all = explored<Lanes<>>(bounds, asymmetric());
    CHECK(all.verdict == Verdict::verified);
    CHECK(all.count("states") == count.states);
    CHECK(all.count("transitions") == count.transitions);
}

/// A violation that is found among orbits: the same with and without.
void check_found(Flaw flaw, bool is_among_orbits, const Bounds& bounds = {}) {
    const Planted planted(flaw);
    for (const bool is_safety_only : {true, false}) {
        const Report all = explored<Lanes<>>(bounds, asymmetric(is_safety_only));
        const Report report = explored<Lanes<>>(bounds, symmetric(is_safety_only));
        CHECK(all.verdict == Verdict::violated);
        CHECK(report.verdict == Verdict::violated);
        CHECK(report.count("steps") == all.count("steps"));
        REQUIRE(report.trace);
        CHECK(report.trace->violation.property == all.trace->violation.property);
        CHECK(report.has_orbits == is_among_orbits);
        CHECK(report.asymmetry.empty() == is_among_orbits);
        // It is a run of the code.
        const auto& runner = checker::explore_variant<Lanes<>>("lanes").runner;
        CheckOptions check;
        check.bounds = bounds;
        const Report again = runner.replay(check, report.trace->choices);
        CHECK(again.verdict == Verdict::violated);
        CHECK(again.trace->violation == report.trace->violation);
    }
}

template <class V>
void check_refused(Flaw flaw, const std::string& words) {
    const Planted planted(flaw);
    CHECK(explored<V>({}, asymmetric()).verdict == Verdict::verified);
    CHECK_THROWS_WITH(explored<V>({}, symmetric()),
                      Contains("interchangeable are not") && Contains(words));
}

}  // namespace

TEST_CASE("symmetry: orbits are those of a brute-force count", "[explore]") {
    check_counts({{"lanes", 2}, {"asks", 3}, {"capacity", 2}});
    check_counts({{"lanes", 3}, {"asks", 3}, {"capacity", 1}});
    check_counts({{"lanes", 4}, {"asks", 2}, {"capacity", 2}, {"ticks", 1}});
}

TEST_CASE("symmetry: orbits are those of a brute-force count, of thousands of states",
          "[explore][large]") {
    check_counts({{"lanes", 3}, {"asks", 4}, {"capacity", 2}});
    check_counts({{"lanes", 4}, {"asks", 3}, {"capacity", 4}});
    check_counts({{"lanes", 5}, {"asks", 3}, {"capacity", 2}});
}

TEST_CASE("symmetry: a bug of every lane is found among orbits, in as few steps", "[explore]") {
    check_found(Flaw::answers_twice, true);
}

TEST_CASE("symmetry: a crash is found among orbits", "[explore]") {
    const CrashScope crash;
    check_found(Flaw::crashes, true);
}

TEST_CASE("symmetry: a bug of one lane is found, and said to break the symmetry", "[explore]") {
    check_found(Flaw::forgets_lane_1, false);
    // Without the comparison lane 0 would stand for both.
    check_found(Flaw::forgets_lane_1, false, {{"asks", 1}});
    check_found(Flaw::lane_0_not_alone, false, {{"asks", 1}});
    const Planted planted(Flaw::forgets_lane_1);
    const Report report = explored<Lanes<>>({}, symmetric());
    CHECK_THAT(report.asymmetry, Contains("right party") && Contains("receive Ask(lane="));
}

TEST_CASE("symmetry: a crash in one lane is found", "[explore]") {
    const CrashScope crash;
    check_found(Flaw::crashes_in_lane_1, false);
}

TEST_CASE("symmetry: code that has no such symmetry is refused, and what differs is said",
          "[explore]") {
    check_refused<Lanes<>>(Flaw::lowest_first, "right party does not send Answer(lane=");
    check_refused<Lanes<>>(Flaw::favourite, "initial state");
    check_refused<Lanes<>>(Flaw::leaves_lane_0, "right party may not be left");
    check_refused<Lanes<false>>(Flaw::none, "right party does not send Answer(lane=");
}

TEST_CASE("symmetry: conversations of a page are renamed with their key", "[explore]") {
    const auto page = []() -> const specs::model::Page& {
        static const specs::model::Page read = checker::read_page(
            "lanes.md", page_of("[*] --> a;a --> [*];a --> b : !Ask(lane);b --> a : ?Answer(lane)",
                                "[*] --> a;a --> [*];a --> b : ?Ask(lane);b --> a : !Answer(lane)",
                                "| key | values |\n|---|---|\n| lane | 3 |\n"));
        return read;
    };
    const auto entry = checker::explore_variant<Lanes<>>("lanes", page);
    CheckOptions check = symmetric();
    check.bounds = {{"lanes", 3}, {"asks", 4}, {"capacity", 1}};
    const Report report = entry.runner.check(check);
    check.is_symmetric = false;
    const Report all = entry.runner.check(check);
    CHECK(report.has_orbits);
    CHECK(report.verdict == Verdict::verified);
    CHECK(all.verdict == Verdict::verified);
    CHECK(report.count("states") == all.count("states"));
    CHECK(report.count("orbits") < all.count("states"));
    // The same is reached, by a state of each orbit.
    REQUIRE(report.coverage);
    REQUIRE(all.coverage);
    for (const std::size_t party : {0U, 1U}) {
        REQUIRE(all.coverage->transitions[party].size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            const checker::TransitionUse& use = report.coverage->transitions[party][i];
            const checker::TransitionUse& of_all = all.coverage->transitions[party][i];
            CHECK(of_all.taken > use.taken);
            CHECK(use.taken > 0);
            CHECK((use.refused > 0) == (of_all.refused > 0));
        }
        CHECK(report.coverage->queues[party].largest == all.coverage->queues[party].largest);
        CHECK((report.coverage->queues[party].refused > 0) ==
              (all.coverage->queues[party].refused > 0));
    }
}

TEST_CASE("symmetry: what a page has deferred is renamed as well", "[explore]") {
    checker::PagePlace place;
    place.states[1] = {4, 5, 6, 7};
    place.deferred[1].add(2 * checker::conversations_max + 1);
    place.deferred[1].add(3);
    const std::array<std::uint8_t, 3> to{1, 2, 0};
    place.rename_conversations(model::Party::right, to);
    CHECK(place.states[1][0] == 6);
    CHECK(place.states[1][1] == 4);
    CHECK(place.states[1][2] == 5);
    CHECK(place.states[1][3] == 7);
    CHECK(place.deferred[1].messages[0] == 2 * checker::conversations_max + 2);
    CHECK(place.deferred[1].messages[1] == 3);
    CHECK(place.states[0] == checker::PagePlace{}.states[0]);
}

TEST_CASE("symmetry: with one value there is none", "[explore]") {
    CHECK_FALSE(explored<Lanes<>>({{"lanes", 1}}, symmetric()).has_orbits);
    const Planted planted(Flaw::favourite);
    CHECK(explored<Lanes<>>({{"lanes", 1}}, symmetric()).verdict == Verdict::verified);
}

TEST_CASE("symmetry: runs without end are looked for among orbits, and shown as runs of the code",
          "[explore][liveness]") {
    const Bounds ticking{{"ticks", 1}};
    for (const std::string fairness : {"none", "process", "action"}) {
        CAPTURE(fairness);
        CheckOptions check = symmetric(false);
        check.fairness = fairness;
        CheckOptions check_all = check;
        check_all.is_symmetric = false;
        // What is one kind of step may be another one with other names.
        const bool is_for_orbits = fairness != "action";
        const Report good = explored<Lanes<>>(ticking, check);
        CHECK(good.verdict == Verdict::verified);
        CHECK(good.has_orbits == is_for_orbits);
        CHECK(explored<Lanes<>>(ticking, check_all).count("states") == good.count("states"));

        const Planted planted(Flaw::one_for_ever);
        const Report bad = explored<Lanes<>>(ticking, check);
        const Report all = explored<Lanes<>>(ticking, check_all);
        CHECK(all.verdict == (is_for_orbits ? Verdict::violated : Verdict::verified));
        CHECK(bad.verdict == all.verdict);
        CHECK(bad.trace == all.trace);
        CHECK(bad.asymmetry.empty());
    }
    // A loop through one orbit: from lane to lane before the first question.
    const Bounds idling{{"ticks", 2}};
    CheckOptions check = symmetric(false);
    check.fairness = "process";
    CHECK(explored<Lanes<>>(idling, check).has_orbits);
    // No run goes on for ever: nothing is left to all states, whatever fairness is.
    CHECK(explored<Lanes<>>({}, symmetric(false)).has_orbits);
    const Planted planted(Flaw::idle_for_ever);
    CHECK(explored<Lanes<>>(idling, check).verdict == Verdict::violated);
}

TEST_CASE("symmetry: what is owed in one lane only is not overlooked", "[explore][liveness]") {
    const Planted planted(Flaw::lane_0_for_ever);
    for (const std::string fairness : {"none", "process"}) {
        CheckOptions check = symmetric(false);
        check.fairness = fairness;
        const Bounds bounds{{"ticks", 1}};
        const Report report = explored<Lanes<>>(bounds, check);
        check.is_symmetric = false;
        const Report all = explored<Lanes<>>(bounds, check);
        CHECK(all.verdict == Verdict::violated);
        CHECK(report.verdict == Verdict::violated);
        CHECK(report.trace == all.trace);
        CHECK_THAT(report.asymmetry, Contains("something else is owed"));
    }
}

}  // namespace parley::tests
