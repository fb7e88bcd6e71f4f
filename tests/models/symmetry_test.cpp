#include "parley/checker/catalog.hpp"
#include "parley/checker/codec.hpp"
#include "parley/checker/explore_entry.hpp"
#include "parley/checker/fifo.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/world.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/tests/checker/cli/command.hpp"
#include "parley/tests/checker/orbit_count.hpp"
#include "parley/tests/models/bounds.hpp"
#include "parley/tests/models/expected_counts.hpp"
#include "parley/tests/models/specs/subshot.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace parley::tests {

namespace {

using Catch::Matchers::Contains;
using checker::CheckOptions;
using checker::Report;
using checker::Verdict;
using Model = specs::subshot::Original<specs::model::CheckPlatform>;

const checker::Runner& subshot() {
    static const checker::VariantEntry entry = checker::explore_variant<Model>("subshot");
    return entry.runner;
}

/// With and without, and nothing else in between.
void check_same_verdict(CheckOptions check) {
    const Report all = subshot().check(check);
    check.is_symmetric = true;
    for (const unsigned threads : {1U, 3U}) {
        for (const bool is_reduced : {false, true}) {
            check.threads = threads;
            check.is_reduced = is_reduced;
            const Report report = subshot().check(check);
            CHECK(report.verdict == all.verdict);
            CHECK(report.asymmetry.empty());
            CHECK(report.count("steps") == all.count("steps"));
            const bool is_some_left_out = report.is_reduced || check.bounds["P"] < 2;
            if (!is_some_left_out && report.verdict == Verdict::verified) {
                CHECK(report.count("states") == all.count("states"));
            }
            if (!report.trace) continue;
            CHECK(report.trace->violation.property == all.trace->violation.property);
            const Report again = subshot().replay(check, report.trace->choices);
            CHECK(again.trace->violation == report.trace->violation);
        }
    }
}

/// A state of subshot with its slots permuted, by hand.
std::vector<Bytes> permuted_slots(const std::vector<Bytes>& state, const Permutation& to) {
    Model::Left left;
    Model::Right right;
    checker::Fifo<specs::subshot::Client::Outbox> commands;
    checker::Fifo<specs::subshot::Server::Outbox> answers;
    std::vector<Bytes> image = state;
    const auto rewrite = [&](checker::Place place, auto& value, const auto& permute) {
        Bytes& bytes = image[static_cast<std::size_t>(place)];
        checker::Reader{bytes}(value);
        permute();
        bytes.resize(1024);
        checker::Writer writer{bytes.data()};
        writer(value);
        bytes.resize(writer.written().size());
    };
    const auto slots = [&](auto& all) {
        const auto old = all;
        for (std::size_t slot = 0; slot < to.size(); ++slot) all[to[slot]] = old[slot];
    };
    const auto messages = [&](auto& queue) {
        queue.for_each([&](auto& message) {
            std::visit(
                [&](auto& each) {
                    if constexpr (requires { each.slot; }) each.slot = to[each.slot];
                },
                message);
        });
    };
    rewrite(checker::Place::left, left, [&] { slots(left.role.slots); });
    rewrite(checker::Place::right, right, [&] { slots(right.role.slots); });
    rewrite(checker::Place::left_to_right, commands, [&] { messages(commands); });
    rewrite(checker::Place::right_to_left, answers, [&] { messages(answers); });
    return image;
}

}  // namespace

TEST_CASE("symmetry: the slots of subshot have the orbits of a brute-force count",
          "[explore][counts_large]") {
    for (const std::string bounds : {"K=1 P=2", "K=2 P=2", "K=1 P=3", "K=2 P=3", "K=1 P=4"}) {
        CAPTURE(bounds);
        CheckOptions check = with_bounds(bounds);
        check.is_safety_only = check.is_symmetric = true;
        specs::subshot::Options options;
        options.K.value = check.bounds["K"];
        options.P.value = check.bounds["P"];
        checker::WorldSystem<Model> system{options};
        const OrbitCount count =
            count_orbits(system, static_cast<std::uint8_t>(options.P), permuted_slots);
        REQUIRE(count.is_closed);
        const Report report = subshot().check(check);
        CHECK(report.count("states") == count.states);
        CHECK(report.count("orbits") == count.orbits);
        CHECK(report.count("transitions") == count.orbit_transitions);
    }
}

TEST_CASE("symmetry: exact counts of orbits of subshot", "[counts][counts_large]") {
    CheckOptions check = with_bounds("K=4 P=3");
    check.is_safety_only = check.is_symmetric = true;
    const Report three = subshot().check(check);
    CHECK(three.count("states") == 736'272);
    CHECK(three.count("orbits") == 125'698);
    CHECK(three.count("transitions") == 439'831);
    check.bounds = {{"K", 2}, {"P", 4}};
    const Report four = subshot().check(check);
    CHECK(four.count("states") == 582'321);
    CHECK(four.count("orbits") == 32'167);
    CHECK(four.count("transitions") == 111'237);
}

TEST_CASE(
    "symmetry: every row of subshot has the same verdict with it, over each transport, "
    "reduced, and in threads",
    "[explore]") {
    constexpr std::uint64_t states_max = 700;
    for (const ExpectedCounts& row : expected_counts()) {
        if (row.model != "subshot" || row.states > states_max) continue;
        for (const bool is_safety_only : {true, false}) {
            CAPTURE(row.bounds, is_safety_only);
            CheckOptions check = with_bounds(row.bounds);
            check.is_safety_only = is_safety_only;
            check_same_verdict(check);
            check.bounds["P"] = 2;
            check.bounds["K"] = 1;
            check_same_verdict(check);
        }
    }
}

TEST_CASE("symmetry: the command looks at orbits where one is declared, and says so", "[models]") {
    const std::string check = "check subshot --set P=2 --safety-only";
    const Ended orbits = run_program(PARLEY_MODELS_COMMAND, check, "");
    CHECK(orbits.code == 0);
    CHECK_THAT(orbits.output,
               Contains("6,949 states, ") && Contains(" orbits, ") && Contains("interchangeable"));
    const Ended all = run_program(PARLEY_MODELS_COMMAND, check + " --symmetry off", "");
    CHECK(all.code == 0);
    CHECK_THAT(all.output, Contains("6,949 states, 20,387 transitions") && !Contains("orbits"));
    const Ended none = run_program(PARLEY_MODELS_COMMAND, "check p1_send", "");
    CHECK_THAT(none.output, !Contains("orbit"));
    const Ended refused = run_program(PARLEY_MODELS_COMMAND, check + " --symmetry maybe", "");
    CHECK(refused.code == 2);
    CHECK_THAT(refused.errors, Contains("--symmetry must be on or off, not 'maybe'"));
}

}  // namespace parley::tests
