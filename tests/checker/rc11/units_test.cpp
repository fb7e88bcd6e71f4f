#include "parley/tests/checker/rc11/random_programs.hpp"
#include "parley/tests/checker/rc11/share.hpp"

#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/litmus_program.hpp"
#include "parley/checker/rc11/workers.hpp"
#include "parley/checker/require.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <string>

/// A search that is divided, or shared among processes, is the same search.
namespace parley::tests {

namespace {

/// One that is told of executions.
class ToldShare final : public Share {
 public:
    using Share::Share;
    bool begin(std::uint64_t unit) override {
        executions = 0;
        return Share::begin(unit);
    }
    void end(std::uint64_t unit, bool is_own) override {
        Share::end(unit, is_own);
        // Of what is not its own it takes no more than leads to the rest.
        if (!is_own) CHECK(executions <= 1);
    }
    std::uint64_t executions = 0;  ///< in this unit
};

}  // namespace

TEST_CASE("rc11: the shares of a search are the whole, each execution once") {
    for (std::uint32_t seed = 1; seed <= 300; ++seed) {
        const LitmusTest test = RandomProgram(seed).generate();
        rc11::LitmusProgram whole(test);
        const rc11::ExploreResult all = rc11::explore(whole);
        for (const std::uint32_t level : {1U, 2U, 4U}) {
            rc11::ExploreResult sum;
            std::set<std::uint64_t> units;
            std::size_t ended = 0;
            for (std::uint64_t number = 0; number < 3; ++number) {
                ToldShare share(number, 3);
                rc11::LitmusProgram program(test);
                rc11::ExploreOptions options;
                options.units = &share;
                options.units_level = level;
                options.on_end = [&](const rc11::Graph&, rc11::Ending) { ++share.executions; };
                const rc11::ExploreResult part = rc11::explore(program, options);
                sum.complete += part.complete;
                sum.blocked += part.blocked;
                sum.failures += part.failures;
                units.insert(share.ended.begin(), share.ended.end());
                ended += share.ended.size();
            }
            INFO("seed " << seed << ", level " << level);
            CHECK(sum.complete == all.complete);
            CHECK(sum.blocked == all.blocked);
            CHECK(sum.failures == all.failures);
            CHECK(units.size() == ended);
            CHECK((units.empty() || *units.rbegin() + 1 == units.size()));
        }
    }
}

namespace {

/// A tree of 40 units, searched by processes; one unit ends the search, and one the process.
/// Whoever has the first one comes to `more` units than the others.
struct Searched {
    rc11::SharedEnd end;
    std::map<std::uint64_t, std::uint64_t> found;
};

Searched search_in(unsigned processes, std::uint64_t stops_at, std::uint64_t crashes_at,
                   std::uint64_t more = 0) {
    Searched result;
    std::uint64_t current = 0;
    rc11::SharedSearch search;
    search.processes = processes;
    search.is_wanted = [](std::uint64_t unit) { return unit % 5 != 4; };
    search.search = [&](rc11::Units& units, const std::function<bool()>& stop) {
        std::uint64_t count = 40;
        for (std::uint64_t unit = 0; unit < count; ++unit) {
            current = unit;
            const bool is_own = units.begin(unit);
            if (is_own && unit == 0) count += more;
            if (stop()) return rc11::WorkerEnd::interrupted;
            // The unit after it ends the search as well, and is there earlier when it can be.
            if (is_own && unit == stops_at) usleep(50'000);
            if (is_own && (unit == stops_at || (unit > 0 && unit - 1 == stops_at))) {
                return rc11::WorkerEnd::stopped;
            }
            if (is_own && unit == crashes_at) std::raise(SIGKILL);
            units.end(unit, is_own);
        }
        return rc11::WorkerEnd::done;
    };
    search.begin_unit = [] {};
    search.end_unit = [&] {
        rc11::UnitBytes bytes(100'000);
        std::memcpy(bytes.data(), &current, sizeof current);
        return bytes;
    };
    search.take = [&](std::uint64_t unit, const rc11::UnitBytes& bytes) {
        CHECK(bytes.size() == 100'000);
        CHECK(result.found.emplace(unit, 0).second);
        std::memcpy(&result.found[unit], bytes.data(), sizeof current);
    };
    result.end = rc11::search_shared(search);
    return result;
}

}  // namespace

TEST_CASE("rc11: processes share a search, and each unit is looked at once") {
    for (const unsigned processes : {1U, 2U, 5U}) {
        const Searched all = search_in(processes, UINT64_MAX, UINT64_MAX);
        CHECK(all.end.units == 40);
        CHECK(!all.end.stopped_at);
        CHECK(!all.end.lost);
        CHECK(all.found.size() == 32);
        for (const auto& [unit, found] : all.found) CHECK(unit == found);
    }
}

TEST_CASE("rc11: the first unit that ends a search ends it in all processes") {
    for (const unsigned processes : {1U, 2U, 5U}) {
        const Searched searched = search_in(processes, 21, UINT64_MAX);
        CHECK(searched.end.stopped_at == 21);
        std::size_t before = 0;
        for (const auto& [unit, found] : searched.found) before += unit < 21 ? 1 : 0;
        CHECK(before == 17);
    }
}

TEST_CASE("rc11: processes that do not divide a search alike have found nothing") {
    CHECK_THROWS_AS(search_in(3, UINT64_MAX, UINT64_MAX, 1), checker::InternalError);
}

TEST_CASE("rc11: a process that dies is said to have, and in which unit") {
    const Searched searched = search_in(3, UINT64_MAX, 13);
    REQUIRE(searched.end.lost);
    CHECK(searched.end.lost->signal == SIGKILL);
    CHECK(searched.end.lost->unit == 13);
    CHECK(searched.found.count(13) == 0);
    CHECK(searched.found.size() == 31);
}

}  // namespace parley::tests
