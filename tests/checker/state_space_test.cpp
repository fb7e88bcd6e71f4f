#include "parley/checker/state_space.hpp"

#include "parley/checker/byte_forest.hpp"
#include "parley/checker/chunked.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/queue_table.hpp"
#include "parley/checker/thread_team.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <map>
#include <random>
#include <ranges>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace parley::checker {
namespace {

using Halves = std::array<std::uint64_t, 2>;

/// Another state with the same hash.
NumberedState twin_of(const NumberedState& state) {
    const auto turned = [](std::uint64_t half) { return std::rotl(half * mix_step, 32); };
    const std::uint64_t other = state.halves[1] ^ 1U;
    return {{state.halves[0] ^ turned(state.halves[1]) ^ turned(other), other}};
}

/// Begins anew for every state, which would be most of the work of a larger one.
using Random = std::minstd_rand;

/// Few values: many states that come again, and others with their hashes.
NumberedState drawn(Random& random) {
    NumberedState state;
    state.set_script(0, static_cast<std::uint32_t>(random() % 220));
    state.set_queue(1, static_cast<std::uint32_t>(random() % 22));
    state.set_shared(static_cast<std::uint32_t>(random() % 10) << 13U);
    return random() % 4 == 0 ? twin_of(state) : state;
}

struct HashOfHalves {
    std::size_t operator()(const Halves& halves) const { return NumberedState{halves}.hash(); }
};

/// What a search by hand would have, one move after the other.
struct Expected {
    std::unordered_map<Halves, StateSpace::Id, HashOfHalves> ids;
    std::vector<StateSpace::Id> parents;
    std::vector<std::vector<StateSpace::Id>> moves;
    bool has_step_back = false;

    void add(StateSpace::Id from, const NumberedState& to) {
        const auto [place, is_new] =
            ids.emplace(to.halves, static_cast<StateSpace::Id>(ids.size()));
        if (is_new) parents.push_back(from);
        moves[from].push_back(place->second);
        has_step_back = has_step_back || place->second <= from;
    }
};

/// The moves of a state, drawn from its number; some states have none.
std::vector<NumberedState> moves_of(StateSpace::Id id) {
    Random random(static_cast<Random::result_type>(mix(id)));
    std::vector<NumberedState> moves;
    for (std::uint32_t i = id % 3 == 2 ? 40 : 0; i < 40; ++i) moves.push_back(drawn(random));
    return moves;
}

bool is_put_off(StateSpace::Id id) {
    return id % 7 < 2;
}

/// Adds the moves of all states in blocks of `parts` batches by as many threads at once, some of
/// them after all others, and compares with what is expected.
void check_space(std::size_t parts, StateSpace::Id part_states) {
    CAPTURE(parts, part_states);
    StateSpace space{true};
    Expected expected;
    const NumberedState first{{7, 7}};
    space.begin(first);
    expected.ids.emplace(first.halves, 0);
    expected.parents.push_back(StateSpace::none);
    std::vector<MoveBatch> batches(parts);
    ThreadTeam team{parts};
    for (StateSpace::Id current = 0; current < space.size() && current < 5'000;) {
        const auto end = static_cast<StateSpace::Id>(space.size());
        for (MoveBatch& batch : batches) {
            batch.first_state = current;
            current = std::min(end, current + part_states);
            batch.end_state = current;
        }
        space.open(batches, 40 * part_states);
        space.share(true);
        team.run([&](std::size_t part) {
            MoveBatch& batch = batches[part];
            for (StateSpace::Id id = batch.first_state; id < batch.end_state; ++id) {
                if (is_put_off(id)) continue;
                for (const NumberedState& to : moves_of(id)) space.add(batch, id, to);
            }
            space.look_up(batch);
        });
        for (MoveBatch& batch : batches) {
            for (StateSpace::Id id = batch.first_state; id < batch.end_state; ++id) {
                if (!is_put_off(id)) continue;
                for (const NumberedState& to : moves_of(id)) space.add(batch, id, to);
            }
            space.look_up(batch);
        }
        space.number();
        team.run([&](std::size_t part) { space.settle(batches[part]); });
        team.run([&](std::size_t part) { space.link(batches[part]); });
        space.share(false);
        space.close();
        while (expected.moves.size() < current) {
            const auto id = static_cast<StateSpace::Id>(expected.moves.size());
            expected.moves.emplace_back();
            for (const NumberedState& to : moves_of(id)) expected.add(id, to);
        }
        REQUIRE(space.size() == expected.ids.size());
    }
    CHECK(space.size() > 10'000);
    CHECK(space.may_have_cycles() == expected.has_step_back);
    const auto has_other_state = [&](const auto& place) {
        return space[place.second].halves != place.first;
    };
    CHECK(std::ranges::none_of(expected.ids, has_other_state));
    // Of the later ones, which have long ways, some.
    for (StateSpace::Id id = 0; id < space.size(); id += 1 + id / 100) {
        std::vector<StateSpace::Id> way{id};
        while (way.back() != 0) way.push_back(expected.parents[way.back()]);
        REQUIRE(space.way_back_from(id) == way);
    }
    const auto has_other_moves = [&](StateSpace::Id id) {
        std::vector<StateSpace::Id> kept;
        for (auto i = space.first_edge(id); i < space.first_edge(id + 1); ++i) {
            kept.push_back(space.edge(i));
        }
        return kept != expected.moves[id];
    };
    const auto expanded = static_cast<StateSpace::Id>(expected.moves.size());
    CHECK(std::ranges::none_of(std::views::iota(0U, expanded), has_other_moves));
}

/// Adds moves of one state.
void add_all(StateSpace& space, StateSpace::Id from, const std::vector<NumberedState>& moves) {
    std::vector<MoveBatch> batches(1);
    batches[0].first_state = from;
    batches[0].end_state = from + 1;
    space.open(batches, 1);
    space.make_room(moves.size());
    for (const NumberedState& to : moves) space.add(batches[0], from, to);
    space.look_up(batches[0]);
    space.number();
    space.settle(batches[0]);
    space.link(batches[0]);
    space.close();
}

}  // namespace

TEST_CASE("state space: the twin of a state has its hash") {
    Random random(1);
    const NumberedState state = drawn(random);
    CHECK(twin_of(state) != state);
    CHECK(twin_of(state).hash() == state.hash());
}

TEST_CASE("state space: every state once, in the order in which they came, with all its moves") {
    check_space(1, 1);
    check_space(1, 300);
}

TEST_CASE("state space: however many threads add to it, ids and moves are the same") {
    check_space(2, 256);
    check_space(4, 64);
    check_space(16, 7);
}

TEST_CASE("state space: without a step back there is no cycle, and no edges unless asked for") {
    StateSpace space{false};
    space.begin({});
    std::vector<NumberedState> moves;
    for (std::uint32_t number = 1; number < 200; ++number) moves.push_back({{number, 0}});
    add_all(space, 0, moves);
    CHECK(space.size() == 200);
    CHECK_FALSE(space.may_have_cycles());
    CHECK(space.edge_bytes() == 0);
    add_all(space, 3, {{{1, 0}}});
    CHECK(space.size() == 200);
    CHECK(space.may_have_cycles());
}

TEST_CASE("state space: it grows while batches are open, and their moves stay what they are") {
    StateSpace space{true};
    space.begin({});
    std::vector<MoveBatch> batches(2);
    batches[0].end_state = 1;
    batches[1].first_state = 1;
    batches[1].end_state = 2;
    space.open(batches, 1);
    for (std::uint32_t number = 1; number < 3'000; ++number) {
        space.make_room(2);
        space.add(batches[1], 1, {{number % 700, 1}});
        space.add(batches[0], 0, {{number % 900, 1}});
    }
    for (MoveBatch& batch : batches) space.look_up(batch);
    space.number();
    for (MoveBatch& batch : batches) space.settle(batch);
    CHECK(space.size() == 901);
    for (StateSpace::Id id = 1; id < space.size(); ++id) {
        REQUIRE(space[id] == NumberedState{{id % 900, 1}});
    }
    space.close();
    std::vector<NumberedState> again;
    for (std::uint32_t number = 0; number < 900; ++number) again.push_back({{number, 1}});
    add_all(space, 2, again);
    CHECK(space.size() == 901);
}

TEST_CASE("state space: what is cut off leaves what came before in the order of the states") {
    StateSpace space{false};
    space.begin({});
    std::vector<NumberedState> moves;
    for (std::uint32_t number = 1; number < 8; ++number) moves.push_back({{number, 0}});
    add_all(space, 0, moves);
    std::vector<MoveBatch> batches(2);
    batches[0].end_state = 4;
    batches[1].first_state = 4;
    batches[1].end_state = 8;
    space.open(batches, 100);
    space.make_room(100);
    // Later states come first, and share states with those before.
    for (StateSpace::Id id = 8; id-- > 0;) {
        for (std::uint32_t move = 0; move < 9; ++move) {
            space.add(batches[id / 4], id, {{100 + 4 * id + move, 0}});
        }
        space.look_up(batches[id / 4]);
    }
    for (MoveBatch& batch : batches) space.cut(batch, 2);
    CHECK(batches[0].move_count() == 3 * 9);
    CHECK(batches[1].move_count() == 0);
    space.number();
    for (MoveBatch& batch : batches) space.settle(batch);
    space.close();
    REQUIRE(space.size() == 8 + 9 + 4 + 4);
    for (StateSpace::Id id = 8; id < space.size(); ++id) {
        CHECK(space[id] == NumberedState{{100 + id - 8, 0}});
        CHECK(space.way_back_from(id)[1] == (id < 8 + 9 ? 0 : id < 8 + 9 + 4 ? 1 : 2));
    }
}

TEST_CASE("numbered state: its parts are what they were set to, and nothing else") {
    std::mt19937 random(3);
    constexpr std::uint32_t part_count = 1U << NumberedState::part_bits;
    constexpr std::uint32_t shared_count = 1U << NumberedState::shared_bits;
    NumberedState state;
    std::array<std::uint32_t, 5> parts{};
    for (int i = 0; i < 10'000; ++i) {
        const std::size_t which = random() % parts.size();
        const std::uint32_t count = which == 4 ? shared_count : part_count;
        parts[which] = random() % 3 == 0 ? count - 1 : static_cast<std::uint32_t>(random() % count);
        if (which == 4) {
            state.set_shared(parts[which]);
        } else if (which % 2 == 0) {
            state.set_script(which / 2, parts[which]);
        } else {
            state.set_queue(which / 2, parts[which]);
        }
        REQUIRE(parts == std::array{state.script(0), state.queue(0), state.script(1),
                                    state.queue(1), state.shared()});
    }
}

TEST_CASE("byte forest: a string comes back, and has the number of no other of its size") {
    std::mt19937 random(4);
    ByteForest forest;
    std::map<std::vector<std::byte>, NumberPair> known;
    std::vector<std::byte> bytes;
    for (int i = 0; i < 20'000; ++i) {
        // Sizes that change, also to nothing; and few changes between one string and the next.
        if (random() % 8 == 0) bytes.resize(random() % 300);
        if (!bytes.empty()) bytes[random() % bytes.size()] = static_cast<std::byte>(random() % 3);
        REQUIRE(known.emplace(bytes, forest.number_of(bytes)).first->second ==
                forest.number_of(bytes));
        auto other = known.begin();
        std::advance(
            other, static_cast<std::ptrdiff_t>(random() % std::min<std::size_t>(known.size(), 50)));
        REQUIRE(
            std::ranges::equal(forest.bytes_of(other->second, other->first.size()), other->first));
    }
    std::map<std::tuple<std::size_t, std::uint32_t, std::uint32_t>, int> numbers;
    for (const auto& [text, number] : known) {
        REQUIRE(++numbers[{text.size(), number.first, number.second}] == 1);
    }
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
