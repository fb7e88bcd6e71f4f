#include "parley/checker/checkpoint.hpp"

#include "parley/tests/checker/cli/command.hpp"
#include "parley/tests/checker/small_check.hpp"
#include "parley/tests/checker/small_protocols.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace parley::tests {

using checker::CheckOptions;
using checker::InputError;
using checker::Report;
using checker::Verdict;

namespace {

using Bounds = std::map<std::string, int>;
using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

const Bounds two_sessions{{"capacity", 4}, {"sessions", 2}};

CheckOptions limited(const std::string& file, std::uint64_t states_max) {
    CheckOptions check;
    check.checkpoint = file;
    check.states_max = states_max;
    return check;
}

/// Without bytes: which memory is in use depends on the way there.
Counts counts_of(const Report& report) {
    Counts counts;
    for (const auto& count : report.counts) {
        if (count.first != "bytes") counts.push_back(count);
    }
    return counts;
}

/// Explores in pieces of some states each, by way of a file, and compares with one go.
template <class V>
void check_in_pieces(const Bounds& bounds, const std::string& fairness = "action") {
    const TemporaryFolder folder;
    CheckOptions whole;
    whole.fairness = fairness;
    const Report expected = explored<V>(bounds, whole);
    int pieces = 0;
    Report report;
    for (std::uint64_t states = 4;; states *= 2) {
        CheckOptions check = limited(folder.file("check"), states);
        check.fairness = fairness;
        report = explored<V>(bounds, check);
        ++pieces;
        if (report.verdict != Verdict::incomplete) break;
        REQUIRE(report.reason == "states");
        REQUIRE(std::filesystem::exists(folder.file("check")));
    }
    CHECK(pieces > 1);
    CHECK(report.verdict == expected.verdict);
    CHECK(counts_of(report) == counts_of(expected));
    CHECK(report.trace == expected.trace);
    CHECK_FALSE(std::filesystem::exists(folder.file("check")));
}

}  // namespace

TEST_CASE("checkpoint: a search in pieces has the verdict, counts and trace of one in one go",
          "[explore]") {
    check_in_pieces<CountedSubscription<>>(two_sessions);
    check_in_pieces<CountedOneShot<0>>({{"capacity", 2}, {"rounds", 5}});
    check_in_pieces<CountedOneShot<2>>({{"capacity", 2}, {"rounds", 5}});
    check_in_pieces<CountedSubscription<>>(two_sessions, "none");
    check_in_pieces<CountedSubscription<>>(two_sessions, "process");
    check_in_pieces<CountedSubscription<true>>(two_sessions);
    check_in_pieces<CountedOneShot<0>>({{"capacity", 4}, {"rounds", 3}, {"reordering", 1}});
    check_in_pieces<CountedOneShot<0>>({{"capacity", 4}, {"rounds", 3}, {"lossy", 2}});
}

TEST_CASE("checkpoint: one that is written while the search goes on does not change it",
          "[explore]") {
    const TemporaryFolder folder;
    CheckOptions check = limited(folder.file("check"), 1'000'000);
    check.checkpoint_seconds = 0;
    const Report report = explored<CountedSubscription<>>(two_sessions, check);
    CHECK(counts_of(report) == counts_of(explored<CountedSubscription<>>(two_sessions)));
}

TEST_CASE("checkpoint: a file that is cut off, altered or another one is refused and stays",
          "[explore]") {
    const TemporaryFolder folder;
    const std::string file = folder.file("check");
    const auto explore = [&](const Bounds& bounds, bool is_safety_only = false) {
        CheckOptions check = limited(file, 100);
        check.is_safety_only = is_safety_only;
        return explored<CountedSubscription<>>(bounds, check);
    };
    REQUIRE(explore(two_sessions).verdict == Verdict::incomplete);
    const std::string whole = read_file(file);
    REQUIRE(whole.size() > 1000);
    const auto refuses = [&](const std::string& content) {
        write_file(file, content);
        CHECK_THROWS_AS(explore(two_sessions), InputError);
        CHECK(read_file(file) == content);
    };
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{5}, std::size_t{30}, whole.size() / 2, whole.size() - 1}) {
        CAPTURE(size);
        refuses(whole.substr(0, size));
    }
    refuses(whole + "x");
    refuses("a letter to my mother, long enough to be a file with a beginning and an end");
    for (std::size_t at = 0; at < whole.size(); at += whole.size() / 37) {
        CAPTURE(at);
        std::string altered = whole;
        altered[at] = static_cast<char>(altered[at] ^ 1);
        refuses(altered);
    }
    write_file(file, whole);
    CHECK_THROWS_AS(explore({{"capacity", 4}, {"sessions", 3}}), InputError);
    CHECK_THROWS_AS(explore(two_sessions, true), InputError);
    CHECK_THROWS_AS(explored<CountedOneShot<0>>({}, limited(file, 100)), InputError);
    CHECK(read_file(file) == whole);
    CHECK_NOTHROW(explore(two_sessions));
}

TEST_CASE("checkpoint: a place where no file can be is refused before the search", "[explore]") {
    CHECK_THROWS_AS(explored<CountedSend>({}, limited("/nowhere/at/all", 100)), InputError);
    const TemporaryFolder folder;
    CHECK_THROWS_AS(explored<CountedSend>({}, limited(folder.file(""), 100)), InputError);
}

TEST_CASE("explore: what needs more memory than there may be is incomplete", "[explore]") {
    CheckOptions check;
    check.memory_max = 2'000'000;
    const Bounds bounds{{"capacity", 16}, {"sessions", 60}};
    const Report report = explored<CountedSubscription<>>(bounds, check);
    CHECK(report.verdict == Verdict::incomplete);
    CHECK(report.reason == "memory");
    CHECK(report.count("states") > 1000);
    CHECK(report.count("bytes") <= check.memory_max);
    check.memory_max = 200'000'000;
    const Report whole = explored<CountedSubscription<>>(bounds, check);
    CHECK(whole.verdict == Verdict::verified);
    CHECK(whole.count("states") > report.count("states"));
}

}  // namespace parley::tests
