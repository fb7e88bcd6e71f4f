#include "parley/stress/tsan.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>

namespace parley::stress {
namespace {

int plain = 0;
constexpr int left_line = __LINE__ + 2;
void write_left() {
    plain = 1;
}
constexpr int right_line = __LINE__ + 2;
void write_right() {
    plain = 2;
}

void run_both(void (*left)(), void (*right)()) {
    std::thread a([left] {
        pthread_setname_np(pthread_self(), "left");
        left();
    });
    std::thread b([right] {
        pthread_setname_np(pthread_self(), "right");
        right();
    });
    a.join();
    b.join();
}

const TsanAccess& access_by(const TsanReport& report, const std::string& thread) {
    const auto access = std::ranges::find(report.accesses, thread, &TsanAccess::thread);
    REQUIRE(access != report.accesses.end());
    return *access;
}

int line_of(const TsanAccess& access) {
    const Frame* place = innermost_place(access.stack);
    REQUIRE(place != nullptr);
    CHECK(place->file.ends_with("tests/stress/tsan_test.cpp"));
    return place->line;
}

std::atomic<bool> is_published = false;
int payload = 0;

void publish() {
    payload = 7;
    is_published.store(true, std::memory_order_release);
}

void observe() {
    while (!is_published.load(std::memory_order_acquire)) std::this_thread::yield();
    const int seen = payload;
    CHECK(seen == 7);
}

void publish_relaxed() {
    payload = 8;
    is_published.store(false, std::memory_order_relaxed);
}

void observe_relaxed() {
    while (is_published.load(std::memory_order_relaxed)) std::this_thread::yield();
    const int seen = payload;
    CHECK(seen == 8);
}

}  // namespace

TEST_CASE("tsan: a ThreadSanitizer build sees a planted race, another build says that it is none") {
    CHECK(is_tsan_seeing() == is_tsan_build());
    CHECK(take_tsan_reports().empty());
}

TEST_CASE("tsan: a race on plain memory is reported once, with both threads, files and lines") {
    if (!is_tsan_build()) return;
    REQUIRE(is_tsan_seeing());
    for (int i = 0; i < 3; ++i) run_both(write_left, write_right);
    CHECK((plain == 1 || plain == 2));
    CHECK(count_tsan_reports() > 0);
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == "data-race");
    REQUIRE(reports[0].accesses.size() == 2);
    CHECK(line_of(access_by(reports[0], "left")) == left_line);
    CHECK(line_of(access_by(reports[0], "right")) == right_line);
    CHECK(reports[0].accesses[0].is_write);
    CHECK(reports[0].accesses[0].size_bytes == static_cast<int>(sizeof plain));
    CHECK_FALSE(reports[0].accesses[0].is_atomic);
    CHECK_FALSE(reports[0].instance.has_value());
}

TEST_CASE("tsan: the same race is reported again after the reports have been taken") {
    if (!is_tsan_build()) return;
    REQUIRE(is_tsan_seeing());
    for (int i = 0; i < 2; ++i) {
        run_both(write_left, write_right);
        CHECK(take_tsan_reports().size() == 1);
    }
}

TEST_CASE("tsan: a release that is acquired gives no report") {
    is_published = false;
    run_both(publish, observe);
    CHECK(count_tsan_reports() == 0);
    CHECK(take_tsan_reports().empty());
}

TEST_CASE("tsan: the same program with relaxed orders is a race") {
    is_published = true;
    run_both(publish_relaxed, observe_relaxed);
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(reports.size() == (is_tsan_build() ? 1 : 0));
    if (!reports.empty()) CHECK_FALSE(reports[0].accesses[0].is_write);
}

TEST_CASE("tsan: a race on the heap says where the memory was allocated") {
    if (!is_tsan_build()) return;
    REQUIRE(is_tsan_seeing());
    constexpr int line = __LINE__ + 1;
    const auto number = std::make_unique<long>(0);
    std::thread left([&] { *number = 1; });
    *number = 2;
    left.join();
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(reports.size() == 1);
    REQUIRE(reports[0].memory.has_value());
    CHECK(reports[0].memory->kind == "heap");
    CHECK(reports[0].memory->size_bytes == sizeof(long));
    const Frame* place = innermost_place(reports[0].memory->allocated);
    REQUIRE(place != nullptr);
    CHECK(place->line == line);
}

TEST_CASE("tsan: use after free is a kind of its own") {
    if (!is_tsan_build()) return;
    REQUIRE(is_tsan_seeing());
    int* number = new int(0);
    std::atomic<bool> is_freed = false;
    std::thread left([&] {
        delete number;
        is_freed.store(true, std::memory_order_relaxed);
    });
    while (!is_freed.load(std::memory_order_relaxed)) std::this_thread::yield();
    *const_cast<volatile int*>(number) = 1;
    left.join();
    const std::vector<TsanReport> reports = take_tsan_reports();
    REQUIRE(!reports.empty());
    CHECK(reports[0].kind == "heap-use-after-free");
}

}  // namespace parley::stress
