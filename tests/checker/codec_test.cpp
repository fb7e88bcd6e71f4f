#include "parley/checker/codec.hpp"
#include "parley/checker/fifo.hpp"
#include "parley/checker/heap.hpp"
#include "parley/specs/model/check_platform.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

namespace parley::checker {
namespace {

struct Small {
    std::uint8_t a = 0;
};
/// With padding between its fields.
struct Padded {
    std::uint8_t a = 0;
    std::uint32_t b = 0;
    bool c = false;
};
enum class Colour : std::uint8_t { red, green };

struct Everything {
    Padded padded;
    std::array<Padded, 2> many;
    std::optional<std::uint16_t> maybe;
    std::variant<Small, Padded> either;
    std::tuple<Colour, Small> pair;
    specs::model::CheckPlatform::Owned<int> owned;
    Fifo<std::variant<Small, Padded>> queue;
    Heap heap;
};

std::vector<std::byte> written(Everything value) {
    std::array<std::byte, 2 * sizeof(Everything)> bytes{};
    Writer writer{bytes.data()};
    writer(value);
    return {writer.written().begin(), writer.written().end()};
}

Everything example() {
    Everything value;
    value.padded = {1, 2, true};
    value.many[1].b = 7;
    value.maybe = 9;
    value.either = Padded{3, 4, false};
    value.pair = {Colour::green, {5}};
    value.owned = specs::model::CheckPlatform::Owned<int>::named({2, 1});
    value.queue.push(Small{6});
    value.queue.push(Padded{7, 8, true});
    value.heap.ownership.make(model::Party::left);
    value.heap.construct<int>({1, 0}, 11);
    return value;
}

/// Another value, in which more is there than in the example.
Everything fuller() {
    Everything value = example();
    for (std::uint8_t i = 0; i < 5; ++i) {
        value.queue.push(Small{i});
        value.heap.ownership.make(model::Party::right);
    }
    return value;
}

TEST_CASE("codec: what is read back is written as the same bytes") {
    const auto bytes = written(example());
    Everything copy;
    Reader{bytes}(copy);
    CHECK(written(copy) == bytes);
    CHECK(copy.padded.b == 2);
    CHECK(copy.maybe == 9);
    CHECK(std::get<Padded>(copy.either).b == 4);
    CHECK(copy.owned.id() == specs::model::ObjectId{2, 1});
    CHECK(copy.queue.size() == 2);
}

TEST_CASE("codec: nothing is left of the value that is read over") {
    const auto bytes = written(example());
    Everything copy = fuller();
    Reader{bytes}(copy);
    CHECK(written(copy) == bytes);
    copy = Everything{};
    const auto full = written(fuller());
    Reader{full}(copy);
    CHECK(written(copy) == full);
    const auto empty = written(Everything{});
    Reader{empty}(copy);
    CHECK(written(copy) == empty);
}

TEST_CASE("codec: padding and the place in a ring do not show in the bytes") {
    alignas(Everything) std::array<std::byte, sizeof(Everything)> dirty;
    dirty.fill(std::byte{0xff});
    auto* const value = ::new (static_cast<void*>(dirty.data())) Everything{example()};
    CHECK(written(*value) == written(example()));
    value->~Everything();

    Everything turned = example();
    turned.queue.pop();
    turned.queue.pop();
    turned.queue.push(Small{6});
    turned.queue.push(Padded{7, 8, true});
    CHECK(written(turned) == written(example()));
}

TEST_CASE("codec: every field shows in the bytes") {
    const auto bytes = written(example());
    const auto differs = [&](auto&& change) {
        Everything value = example();
        change(value);
        return written(value) != bytes;
    };
    CHECK(differs([](Everything& v) { v.padded.c = false; }));
    CHECK(differs([](Everything& v) { v.many[0].a = 1; }));
    CHECK(differs([](Everything& v) { v.maybe.reset(); }));
    CHECK(differs([](Everything& v) { v.either = Small{3}; }));
    CHECK(differs([](Everything& v) { std::get<0>(v.pair) = Colour::red; }));
    CHECK(differs([](Everything& v) { v.owned.release(); }));
    CHECK(differs([](Everything& v) { v.queue.pop(); }));
    CHECK(differs([](Everything& v) { v.heap.value<int>({1, 0}) = 12; }));
    CHECK(differs([](Everything& v) { v.heap.ownership.make(model::Party::left); }));
}

}  // namespace
}  // namespace parley::checker
