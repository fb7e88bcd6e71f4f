#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>

/// Code that is instrumented and not under check does what it would do without instrumentation.
namespace parley::tests {

namespace {

template <class T>
void use_atomic() {
    std::atomic<T> value{1};
    CHECK(value.exchange(5) == 1);
    CHECK(value.fetch_add(3) == 5);
    CHECK(value.fetch_sub(1) == 8);
    CHECK(value.fetch_or(8) == 7);
    CHECK(value.fetch_and(12) == 15);
    CHECK(value.fetch_xor(5) == 12);
    T expected = 1;
    CHECK_FALSE(value.compare_exchange_strong(expected, 2));
    CHECK(expected == 9);
    CHECK(value.compare_exchange_strong(expected, 2));
    CHECK(value.load() == 2);
    value.store(6);
    CHECK(value.load() == 6);
}

}  // namespace

TEST_CASE("verify: atomic operations outside a check are atomic operations") {
    use_atomic<std::uint8_t>();
    use_atomic<std::uint16_t>();
    use_atomic<std::uint32_t>();
    use_atomic<std::uint64_t>();
}

}  // namespace parley::tests
