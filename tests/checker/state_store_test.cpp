#include "parley/checker/state_store.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <vector>

namespace parley::checker {
namespace {

/// Parts of a state with bytes of their own.
struct Parts {
    std::vector<std::vector<std::byte>> bytes;

    bool operator<(const Parts& other) const { return bytes < other.bytes; }

    State view() {
        views.assign(bytes.begin(), bytes.end());
        return {views.data(), views.size()};
    }

    std::vector<State::Part> views;
};

Parts parts_of(State state) {
    Parts parts;
    for (std::size_t i = 0; i < state.size(); ++i) {
        parts.bytes.emplace_back(state[i].begin(), state[i].end());
    }
    return parts;
}

/// Parts of 0 to 3 bytes with few values each: many states, and many that come again.
Parts drawn(std::size_t part_count, std::mt19937& random) {
    Parts parts;
    for (std::size_t i = 0; i < part_count; ++i) {
        std::vector<std::byte>& part = parts.bytes.emplace_back(random() % 4);
        for (std::byte& byte : part) byte = std::byte(random() % 2);
    }
    return parts;
}

/// Goes through what it adds as a search does, and compares with a map of whole states.
void check_against_map(std::size_t part_count, std::size_t count) {
    std::mt19937 random(static_cast<unsigned>(part_count));
    StateStore store;
    std::map<Parts, StateStore::Id> expected;
    std::vector<std::uint32_t> first_steps{0};
    Parts first = drawn(part_count, random);
    store.number_of(first.view());
    expected.emplace(first, 0);
    std::uint32_t step = 0;
    for (StateStore::Id id = 0; step < count && store.has(id); ++id) {
        const Parts from = parts_of(store[id]);
        REQUIRE(expected.at(from) == id);
        for (int i = 0; i < 40; ++i) {
            Parts to = i == 0 ? from : drawn(part_count, random);
            const bool is_other = from.bytes != to.bytes;
            if (is_other && expected.emplace(to, expected.size()).second) {
                first_steps.push_back(++step);
            } else {
                ++step;
            }
            if (store.add(to.view(), {id, step}) != is_other) FAIL("step " << step);
        }
    }
    REQUIRE(store.has(static_cast<StateStore::Id>(expected.size() - 1)));
    REQUIRE_FALSE(store.has(static_cast<StateStore::Id>(expected.size())));
    CHECK(store.size() == expected.size());
    for (StateStore::Id id = 1; id < store.size(); ++id) {
        REQUIRE(store.origin(id).step == first_steps[id]);
    }
    for (const auto& [parts, id] : expected) REQUIRE(parts_of(store[id]).bytes == parts.bytes);
}

}  // namespace

TEST_CASE("state store: every state once, in the order in which they came, and as it was") {
    for (std::size_t part_count = 1; part_count <= State::parts_max; ++part_count) {
        CAPTURE(part_count);
        check_against_map(part_count, 10'000);
    }
}

TEST_CASE("state store: a state that comes again before it has an id is the same state") {
    StateStore store;
    Parts first{{{std::byte{0}}, {}}, {}};
    Parts second{{{std::byte{1}}, {}}, {}};
    store.number_of(first.view());
    static_cast<void>(store[0]);
    CHECK(store.add(second.view(), {0, 1}));
    CHECK(store.add(second.view(), {0, 2}));
    CHECK_FALSE(store.add(first.view(), {0, 3}));
    CHECK(store.has(1));
    CHECK_FALSE(store.has(2));
    CHECK(store.origin(1).step == 1);
    CHECK(store.origin(0).parent == StateStore::none);
}

TEST_CASE("state store: bytes that move from one part to the next make another state") {
    StateStore store;
    Parts left{{{std::byte{7}}, {}}, {}};
    Parts right{{{}, {std::byte{7}}}, {}};
    store.number_of(left.view());
    static_cast<void>(store[0]);
    CHECK(store.add(right.view(), {}));
    CHECK(store.has(1));
}

}  // namespace parley::checker
