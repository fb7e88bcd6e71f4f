#include "parley/checker/state_space.hpp"

#include "parley/checker/chunked.hpp"
#include "parley/checker/queue_table.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

namespace parley::checker {
namespace {

using Numbers = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t,
                           std::uint32_t, std::uint32_t>;

Numbers numbers_of(const NumberedState& state) {
    return {state.scripts[0], state.scripts[1], state.queues[0],
            state.queues[1],  state.shared,     state.faults};
}

/// Numbers with few values each: many states, and many that come again.
NumberedState drawn(std::mt19937& random) {
    const auto number = [&] { return static_cast<std::uint32_t>(random() % 6); };
    return {{number(), number()}, {number(), number()}, number(), number()};
}

}  // namespace

TEST_CASE("state space: every state once, in the order in which they came, with all its moves") {
    std::mt19937 random(1);
    StateSpace space{true};
    std::map<Numbers, StateSpace::Id> expected;
    std::vector<std::uint32_t> first_steps{0};
    std::vector<std::vector<StateSpace::Id>> moves;
    const NumberedState first = drawn(random);
    space.begin(first);
    expected.emplace(numbers_of(first), 0);
    std::uint32_t step = 0;
    bool has_back_edge = false;
    for (StateSpace::Id id = 0; step < 100'000 && space.has(id); ++id) {
        const NumberedState from = space.read(id);
        REQUIRE(expected.at(numbers_of(from)) == id);
        moves.emplace_back();
        // Some states lead nowhere.
        for (std::uint32_t i = id % 3 == 2 ? 40 : 0; i < 40; ++i) {
            const NumberedState to = drawn(random);
            if (to == from) continue;
            const auto [place, is_new] = expected.emplace(numbers_of(to), expected.size());
            ++step;
            if (is_new) first_steps.push_back(step);
            has_back_edge = has_back_edge || place->second < id;
            moves.back().push_back(place->second);
            space.add(to, {id, step});
        }
    }
    space.settle();
    CHECK(space.size() == expected.size());
    CHECK(space.size() > 10'000);
    CHECK(has_back_edge);
    CHECK(space.may_have_cycles());
    for (StateSpace::Id id = 1; id < space.size(); ++id) {
        REQUIRE(space.origin(id).step == first_steps[id]);
    }
    CHECK(space.origin(0).parent == StateSpace::none);
    for (StateSpace::Id id = 0; id < moves.size(); ++id) {
        std::vector<StateSpace::Id> kept;
        for (auto i = space.first_edge(id); i < space.first_edge(id + 1); ++i) {
            kept.push_back(space.edge(i));
        }
        REQUIRE(kept == moves[id]);
    }
    for (const auto& [numbers, id] : expected) REQUIRE(numbers_of(space.read(id)) == numbers);
}

TEST_CASE("state space: without a step back there is no cycle, and no edges unless asked for") {
    StateSpace space{false};
    space.begin({});
    static_cast<void>(space.read(0));
    for (std::uint32_t number = 1; number < 200; ++number) {
        space.add({{number, 0}, {}, 0, 0}, {0, number});
    }
    space.settle();
    CHECK(space.size() == 200);
    CHECK_FALSE(space.may_have_cycles());
    CHECK(space.edge_bytes() == 0);
    static_cast<void>(space.read(3));
    space.add({{1, 0}, {}, 0, 0}, {3, 0});
    space.settle();
    CHECK(space.size() == 200);
    CHECK(space.may_have_cycles());
}

TEST_CASE("queue table: a content has one number, and is what a deque of messages is") {
    std::mt19937 random(2);
    QueueTable table;
    std::map<std::deque<std::uint32_t>, QueueTable::Id> known{{{}, QueueTable::empty}};
    std::deque<std::uint32_t> messages;
    QueueTable::Id queue = QueueTable::empty;
    for (int i = 0; i < 100'000; ++i) {
        if (!messages.empty() && (random() % 2 == 0 || messages.size() == 16)) {
            REQUIRE(table.oldest(queue) == messages.front());
            queue = table.rest(queue);
            messages.pop_front();
        } else {
            const auto message = static_cast<std::uint32_t>(random() % 7);
            queue = table.push(queue, message);
            messages.push_back(message);
        }
        REQUIRE(table.size_of(queue) == messages.size());
        REQUIRE(known.emplace(messages, queue).first->second == queue);
    }
    std::map<QueueTable::Id, int> numbers;
    for (const auto& [content, number] : known) REQUIRE(++numbers[number] == 1);
}

TEST_CASE("chunked: what was put in stays where it is, over many chunks") {
    Chunked<std::uint32_t> list;
    const std::uint32_t* first = nullptr;
    constexpr std::uint32_t count = 1'500'000;
    for (std::uint32_t i = 0; i < count; ++i) {
        list.push_back(i * 7);
        if (i == 0) first = &list[0];
        REQUIRE(list[i] == i * 7);
    }
    CHECK(list.size() == count);
    CHECK(&list[0] == first);
    for (std::uint32_t i = 0; i < count; ++i) REQUIRE(list[i] == i * 7);
    CHECK(list.memory_bytes() >= count * sizeof(std::uint32_t));
    CHECK(list.memory_bytes() < (count + (1U << 18U)) * sizeof(std::uint32_t));
}

}  // namespace parley::checker
