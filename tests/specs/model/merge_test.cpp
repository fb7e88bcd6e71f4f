#include "parley/specs/model/merge.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

namespace parley::specs::model {
namespace {

/// Logs are texts: '!' sends, '?' receives, all else is local. The merged order names the party
/// before each entry.
std::string merged(std::string_view left, std::string_view right, std::size_t capacity) {
    std::string order;
    const auto step_of = [](char entry) {
        return entry == '!' ? LogStep::send : entry == '?' ? LogStep::receive : LogStep::local;
    };
    merge_logs<char>(left, right, capacity, step_of, [&](parley::model::Party party, char entry) {
        order += party == parley::model::Party::left ? "L" : "R";
        order += entry;
        order += ' ';
        return true;
    });
    return order;
}

TEST_CASE("merge: a message is received after it was sent") {
    CHECK(merged("?", "!", 1) == "R! L? ");
    CHECK(merged("!", "?", 1) == "L! R? ");
    CHECK(merged("!?", "?!", 1) == "L! R? R! L? ");
}

TEST_CASE("merge: a send waits until the queue has room") {
    CHECK(merged("!!!", "???", 1) == "L! R? L! R? L! R? ");
    CHECK(merged("!!!", "???", 2) == "L! L! R? R? L! R? ");
    CHECK(merged("!!!", "???", 4) == "L! L! L! R? R? R? ");
}

TEST_CASE("merge: every entry is visited, in the order of its own log") {
    CHECK(merged("ab!c", "?d", 1) == "La Lb L! Lc R? Rd ");
    CHECK(merged("", "xy", 1) == "Rx Ry ");
}

TEST_CASE("merge: a receive without a send and a send without room are visited all the same") {
    CHECK(merged("?", "", 1) == "L? ");
    CHECK(merged("!!", "", 1) == "L! L! ");
}

TEST_CASE("merge: stops when the visitor has seen enough") {
    int visits = 0;
    merge_logs<char>(
        std::string_view{"abc"}, std::string_view{}, 1, [](char) { return LogStep::local; },
        [&](parley::model::Party, char) { return ++visits < 2; });
    CHECK(visits == 2);
}

}  // namespace
}  // namespace parley::specs::model
