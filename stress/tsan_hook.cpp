#include "parley/stress/tsan_hook.hpp"

#include "parley/stress/uninstrumented.hpp"

#include <fcntl.h>
#include <pthread.h>

// This file is compiled without -fsanitize=thread, also in a ThreadSanitizer build: an instrumented
// hook would enter the runtime again while it holds its locks. An attribute would not do, since
// clang instruments atomic operations and function entries in spite of it. For the same reason no
// function template and no inline function of the standard library is called here: the linker could
// take this uninstrumented copy of it for the whole program, which would blind the runtime.

// The runtime's reporting interface. All weak: a program without the runtime has none of it.
extern "C" {
[[gnu::weak]] void __tsan_init();
[[gnu::weak]] void __sanitizer_set_report_fd(void* descriptor);
[[gnu::weak]] int __tsan_get_report_data(void* report, const char** description, int* count,
                                         int* stack_count, int* access_count, int* location_count,
                                         int* mutex_count, int* thread_count, int* unique_count,
                                         void** sleep_trace, unsigned long trace_size);
[[gnu::weak]] int __tsan_get_report_mop(void* report, unsigned long index, int* thread,
                                        void** address, int* size_bytes, int* is_write,
                                        int* is_atomic, void** trace, unsigned long trace_size);
[[gnu::weak]] int __tsan_get_report_loc(void* report, unsigned long index, const char** kind,
                                        void** address, void** start, unsigned long* size_bytes,
                                        int* thread, int* descriptor, int* suppressible,
                                        void** trace, unsigned long trace_size);
[[gnu::weak]] int __tsan_get_report_thread(void* report, unsigned long index, int* thread,
                                           unsigned long* system_id, int* is_running,
                                           const char** name, int* parent, void** trace,
                                           unsigned long trace_size);
}

namespace parley::stress {
namespace {

constinit RawReport reports[raw_reports_max] = {};
// Written under the runtime's report lock only, read by count_raw_reports() at any time.
constinit std::uint64_t reports_used = 0;
constinit std::uint64_t reports_seen = 0;
constinit RawReport muted[raw_reports_max] = {};
constinit std::uint64_t muted_used = 0;
constinit void* fences[fences_max + 1] = {};

// A descriptor, once the text is silenced.
constinit std::intptr_t nowhere = -1;

void write_text_nowhere() {
    if (nowhere >= 0) __sanitizer_set_report_fd(reinterpret_cast<void*>(nowhere));
}

// How many innermost return addresses tell two accesses apart.
constexpr std::size_t depth_compared = 3;

void copy_name(char (&to)[RawAccess::thread_name_max], const char* from) {
    std::size_t length = 0;
    while (from != nullptr && from[length] != '\0' && length + 1 < RawAccess::thread_name_max) {
        to[length] = from[length];
        ++length;
    }
    to[length] = '\0';
}

void name_threads(void* report, int thread_count, RawReport& raw) {
    for (int i = 0; i < thread_count; ++i) {
        int thread = 0;
        unsigned long system_id = 0;
        int is_running = 0;
        const char* name = nullptr;
        int parent = 0;
        void* trace[1] = {};
        __tsan_get_report_thread(report, static_cast<unsigned long>(i), &thread, &system_id,
                                 &is_running, &name, &parent, trace, 1);
        for (std::size_t k = 0; k < raw.access_count; ++k) {
            if (raw.accesses[k].thread == thread) copy_name(raw.accesses[k].thread_name, name);
        }
    }
}

void read_access(void* report, std::size_t index, RawAccess& access) {
    int is_write = 0;
    int is_atomic = 0;
    __tsan_get_report_mop(report, index, &access.thread, &access.address, &access.size_bytes,
                          &is_write, &is_atomic, access.stack.return_addresses,
                          RawStack::depth_max);
    access.is_write = is_write != 0;
    access.is_atomic = is_atomic != 0;
}

void read_memory(void* report, RawMemory& memory) {
    void* address = nullptr;
    void* start = nullptr;
    int descriptor = 0;
    int suppressible = 0;
    __tsan_get_report_loc(report, 0, &memory.kind, &address, &start, &memory.size_bytes,
                          &memory.thread, &descriptor, &suppressible,
                          memory.allocated.return_addresses, RawStack::depth_max);
}

void read_report(void* report, RawReport& raw) {
    int count = 0;
    int stack_count = 0;
    int access_count = 0;
    int location_count = 0;
    int mutex_count = 0;
    int thread_count = 0;
    int unique_count = 0;
    void* sleep_trace[1] = {};
    __tsan_get_report_data(report, &raw.kind, &count, &stack_count, &access_count, &location_count,
                           &mutex_count, &thread_count, &unique_count, sleep_trace, 1);
    for (int i = 0; i < access_count && raw.access_count < RawReport::accesses_max; ++i) {
        read_access(report, static_cast<std::size_t>(i), raw.accesses[raw.access_count]);
        ++raw.access_count;
    }
    if (location_count > 0) read_memory(report, raw.memory);
    name_threads(report, thread_count, raw);
    raw.whereabouts = whereabouts;
    raw.count = 1;
}

bool is_same_place(const RawAccess& a, const RawAccess& b) {
    for (std::size_t i = 0; i < depth_compared; ++i) {
        if (a.stack.return_addresses[i] != b.stack.return_addresses[i]) return false;
    }
    return a.is_write == b.is_write;
}

bool is_same_report(const RawReport& a, const RawReport& b) {
    if (a.kind != b.kind || a.access_count != b.access_count) return false;
    if (a.access_count == 2 && is_same_place(a.accesses[0], b.accesses[1]) &&
        is_same_place(a.accesses[1], b.accesses[0])) {
        return true;
    }
    for (std::size_t i = 0; i < a.access_count; ++i) {
        if (!is_same_place(a.accesses[i], b.accesses[i])) return false;
    }
    return true;
}

/// Counts a report that is in `list`.
bool count_in(RawReport* list, std::uint64_t used, const RawReport& raw) {
    for (std::uint64_t i = 0; i < used; ++i) {
        if (!is_same_report(list[i], raw)) continue;
        ++list[i].count;
        return true;
    }
    return false;
}

void keep(const RawReport& raw) {
    if (count_in(muted, muted_used, raw)) return;
    __atomic_fetch_add(&reports_seen, 1, __ATOMIC_RELEASE);
    if (count_in(reports, reports_used, raw) || reports_used == raw_reports_max) return;
    reports[reports_used] = raw;
    ++reports_used;
}

}  // namespace

bool is_tsan_present() {
    return __tsan_init != nullptr;
}

void silence_tsan_text() {
    if (__sanitizer_set_report_fd == nullptr || nowhere >= 0) return;
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    write_text_nowhere();
    // The runtime would open a file of its own, ".<pid>", in a forked child.
    pthread_atfork(nullptr, nullptr, write_text_nowhere);
}

std::uint64_t count_raw_reports() {
    return __atomic_load_n(&reports_seen, __ATOMIC_ACQUIRE);
}

const RawReport* raw_reports(std::size_t& count) {
    count = reports_used;
    return reports;
}

void forget_raw_reports() {
    reports_used = 0;
    __atomic_store_n(&reports_seen, 0, __ATOMIC_RELEASE);
}

void mute_raw_report(std::size_t index) {
    if (muted_used == raw_reports_max) return;
    muted[muted_used] = reports[index];
    muted[muted_used].count = 0;
    ++muted_used;
}

const RawReport* raw_muted(std::size_t& count) {
    count = muted_used;
    return muted;
}

void note_fence(void* place) {
    if (!whereabouts.is_running) return;
    for (std::size_t i = 0; i < fences_max; ++i) {
        void* expected = nullptr;
        if (__atomic_load_n(&fences[i], __ATOMIC_RELAXED) == place) return;
        if (__atomic_compare_exchange_n(&fences[i], &expected, place, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED) ||
            expected == place) {
            return;
        }
    }
}

void* const* noted_fences() {
    return fences;
}

}  // namespace parley::stress

extern "C" {

/// The runtime calls this with its report lock held, so at most one thread is inside.
void __tsan_on_report(void* report) {
    // Large, and at most one is in use: kept off the stack of the thread under check.
    static constinit parley::stress::RawReport raw = {};
    raw = {};
    parley::stress::read_report(report, raw);
    parley::stress::keep(raw);
}

/// Options that the runtime starts with.
/// - symbolize=0: no symboliser is started from inside a report; symbolize() does it afterwards.
/// - suppress_equal_stacks=0: each variant and each placement sees its race, not only the first.
/// - history_size: the stack of the earlier access can be restored for longer; a race whose earlier
///   stack is lost is not reported at all.
/// - the exit code and the signals are ours.
const char* __tsan_default_options() {
    return "symbolize=0:suppress_equal_stacks=0:history_size=4:halt_on_error=0:exitcode=0:"
           "atexit_sleep_ms=0:report_thread_leaks=0:report_signal_unsafe=0:detect_deadlocks=0:"
           "die_after_fork=0:handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:"
           "handle_sigfpe=0:handle_sigtrap=0:print_summary=0";
}
}
