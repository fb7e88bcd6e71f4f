#pragma once

#include "parley/stress/whereabouts.hpp"

#include <cstddef>
#include <cstdint>

namespace parley::stress {

/// What the ThreadSanitizer hook copies out of a report: plain memory of fixed size, since the hook
/// runs on any thread with the runtime's locks held and may neither allocate nor symbolise.
struct RawStack {
    static constexpr std::size_t depth_max = 24;
    void* return_addresses[depth_max];  ///< innermost first; null ends it
};

struct RawAccess {
    static constexpr std::size_t thread_name_max = 16;
    int thread;
    char thread_name[thread_name_max];  ///< empty: the thread has no name
    void* address;
    int size_bytes;
    bool is_write;
    bool is_atomic;
    RawStack stack;
};

struct RawMemory {
    const char* kind;  ///< "heap", "global", "stack", "tls", "fd"; null: unknown
    std::size_t size_bytes;
    int thread;
    RawStack allocated;
};

struct RawReport {
    static constexpr std::size_t accesses_max = 4;
    const char* kind;  ///< the runtime's own word: "data-race", "heap-use-after-free", ...
    std::size_t access_count;
    RawAccess accesses[accesses_max];
    RawMemory memory;
    Whereabouts whereabouts;  ///< of the thread that made the report
    std::uint64_t count;      ///< how often a report with these stacks was made
};

/// Whether this program runs on a ThreadSanitizer runtime.
bool is_tsan_present();

/// Sends the runtime's own text to nowhere: what it says is in the reports.
void silence_tsan_text();

/// All reports since the last forget_raw_reports(), those beyond raw_reports_max included.
std::uint64_t count_raw_reports();

inline constexpr std::size_t raw_reports_max = 64;

/// Reports with different stacks, at most raw_reports_max of them.
/// Requires that no other thread runs code under check.
const RawReport* raw_reports(std::size_t& count);
void forget_raw_reports();

/// Reports with the same stacks as report number `index` are not counted from now on, only in
/// raw_muted(). At most raw_reports_max of them.
void mute_raw_report(std::size_t index);
/// The muted reports, each with how often it was made since.
const RawReport* raw_muted(std::size_t& count);

/// From the code under check: it comes to a fence that returns to `place`.
void note_fence(void* place);
inline constexpr std::size_t fences_max = 16;
/// The places of different fences, at most fences_max of them; null ends them.
void* const* noted_fences();

}  // namespace parley::stress
