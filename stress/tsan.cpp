#include "parley/stress/tsan.hpp"

#include "parley/stress/suppressions.hpp"
#include "parley/stress/tsan_hook.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <span>
#include <thread>
#include <utility>

namespace parley::stress {
namespace {

using Places = std::map<void*, Stack>;

void collect(const RawStack& stack, Places& places) {
    for (void* address : stack.return_addresses) {
        if (address == nullptr) break;
        places.try_emplace(address);
    }
}

/// All places of `reports`, and those of reports before: each is looked up once.
const Places& find_places(std::span<const RawReport> reports) {
    static Places known;
    Places places;
    for (const RawReport& report : reports) {
        for (std::size_t i = 0; i < report.access_count; ++i) {
            collect(report.accesses[i].stack, places);
        }
        collect(report.memory.allocated, places);
    }
    for (void* const* fence = noted_fences(); *fence != nullptr; ++fence) places[*fence];
    std::vector<void*> addresses;
    for (const auto& [address, stack] : places) {
        if (!known.contains(address)) addresses.push_back(address);
    }
    std::vector<Stack> stacks = checker::symbolize(addresses);
    for (std::size_t i = 0; i < addresses.size(); ++i) known[addresses[i]] = std::move(stacks[i]);
    return known;
}

Stack stack_of(const RawStack& raw, const Places& places) {
    Stack stack;
    for (void* address : raw.return_addresses) {
        if (address == nullptr) break;
        const Stack& frames = places.at(address);
        stack.insert(stack.end(), frames.begin(), frames.end());
    }
    drop_outermost_system_frames(stack);
    return stack;
}

TsanAccess access_of(const RawAccess& raw, const Places& places) {
    std::string thread = raw.thread_name;
    if (thread.empty()) thread = "T" + std::to_string(raw.thread);
    return {.is_write = raw.is_write,
            .is_atomic = raw.is_atomic,
            .size_bytes = raw.size_bytes,
            .thread = std::move(thread),
            .stack = stack_of(raw.stack, places)};
}

TsanReport report_of(const RawReport& raw, const Places& places) {
    TsanReport report;
    report.kind = raw.kind;
    report.count = raw.count;
    for (std::size_t i = 0; i < raw.access_count; ++i) {
        report.accesses.push_back(access_of(raw.accesses[i], places));
    }
    if (raw.memory.kind != nullptr) {
        report.memory = {.kind = raw.memory.kind,
                         .size_bytes = raw.memory.size_bytes,
                         .allocated = stack_of(raw.memory.allocated, places)};
    }
    if (raw.whereabouts.is_running) report.instance = raw.whereabouts.instance;
    for (void* const* fence = noted_fences(); *fence != nullptr; ++fence) {
        const Stack& frames = places.at(*fence);
        const Frame* const place = innermost_place(frames);
        if (place != nullptr) report.fences.push_back(*place);
    }
    return report;
}

/// Kind and places, in an order that does not depend on who came first.
std::vector<std::string> key_of(const TsanReport& report) {
    std::vector<std::string> key;
    for (const TsanAccess& access : report.accesses) {
        const Frame* place = innermost_place(access.stack);
        if (place == nullptr && !access.stack.empty()) place = &access.stack.front();
        if (place == nullptr) continue;
        key.push_back(place->file + ":" + std::to_string(place->line) + " " + place->function);
    }
    std::ranges::sort(key);
    key.push_back(report.kind);
    return key;
}

/// What is not to be heard, and how often it was said.
struct Silenced {
    std::vector<Suppression> suppressions;
    std::vector<std::uint64_t> counts;
    std::vector<std::size_t> of_muted;  ///< for each muted report, which suppression it was
};
Silenced silenced;

/// Whether report number `index` is one that is not to be heard; its like is not heard again.
bool suppress(const TsanReport& report, std::size_t index) {
    for (std::size_t i = 0; i < silenced.suppressions.size(); ++i) {
        if (!matches(silenced.suppressions[i], report)) continue;
        silenced.counts[i] += report.count;
        if (silenced.of_muted.size() < raw_reports_max) silenced.of_muted.push_back(i);
        mute_raw_report(index);
        return true;
    }
    return false;
}

// Relaxed on purpose: it makes the two stores of the planted race happen one after the other and
// orders nothing.
void race_on(int& plain) {
    std::atomic<bool> is_written = false;
    std::thread first([&] {
        plain = 1;
        is_written.store(true, std::memory_order_relaxed);
    });
    while (!is_written.load(std::memory_order_relaxed)) std::this_thread::yield();
    plain = 2;
    first.join();
}

}  // namespace

bool is_tsan_build() {
    return is_tsan_present();
}

std::uint64_t count_tsan_reports() {
    return count_raw_reports();
}

void suppress_tsan_reports(std::vector<Suppression> suppressions) {
    silenced.suppressions = std::move(suppressions);
    silenced.counts.assign(silenced.suppressions.size(), 0);
}

std::vector<std::uint64_t> count_suppressed_reports() {
    std::vector<std::uint64_t> counts = silenced.counts;
    std::size_t count = 0;
    const RawReport* const muted = raw_muted(count);
    for (std::size_t i = 0; i < count; ++i) counts[silenced.of_muted[i]] += muted[i].count;
    return counts;
}

std::vector<TsanReport> take_tsan_reports() {
    std::size_t count = 0;
    const RawReport* first = raw_reports(count);
    const std::span raw_list(first, count);
    const Places& places = find_places(raw_list);
    std::vector<TsanReport> reports;
    std::map<std::vector<std::string>, std::size_t> index_of_key;
    for (std::size_t i = 0; i < raw_list.size(); ++i) {
        TsanReport report = report_of(raw_list[i], places);
        if (suppress(report, i)) continue;
        const auto [entry, is_new] = index_of_key.try_emplace(key_of(report), reports.size());
        if (is_new) {
            reports.push_back(std::move(report));
        } else {
            reports[entry->second].count += report.count;
        }
    }
    forget_raw_reports();
    return reports;
}

bool is_tsan_seeing() {
    silence_tsan_text();
    forget_raw_reports();
    int plain = 0;
    race_on(plain);
    const bool is_seeing = count_raw_reports() > 0;
    forget_raw_reports();
    return is_seeing;
}

}  // namespace parley::stress
