#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <ucontext.h>
#include <unistd.h>
#include <x86intrin.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>

/// What code under check cannot have: each ends in a line that names it. And what it can have since
/// it is the same in each execution.
namespace parley::tests {

namespace {

void no_signal(int /*signal*/) {}

/// Asks for what depends on time, and says what it was told.
void ask_the_time() {
    const auto steady = std::chrono::steady_clock::now();
    const auto system = std::chrono::system_clock::now();
    timespec precise{};
    rc11::check(timespec_get(&precise, TIME_UTC) == TIME_UTC, "it has one");
    timeval coarse{};
    gettimeofday(&coarse, nullptr);
    const auto later = std::chrono::steady_clock::now();
    rc11::check(later > steady, "it goes on");
    rc11::outcome(std::to_string(steady.time_since_epoch().count()) + " " +
                  std::to_string(system.time_since_epoch().count()) + " " +
                  std::to_string(precise.tv_nsec) + " " + std::to_string(coarse.tv_usec) + " " +
                  std::to_string(std::time(nullptr)) + " " + std::to_string(std::clock()) + " " +
                  std::to_string(__rdtsc()));
}

struct Limit {
    const char* name;
    void (*code)();
};

const Limit limits[] = {
    // Signals.
    {"signal", [] { std::signal(SIGUSR1, no_signal); }},
    {"sigaction", [] { sigaction(SIGUSR1, nullptr, nullptr); }},
    {"raise", [] { std::raise(SIGUSR1); }},
    {"kill", [] { kill(getpid(), 0); }},
    {"pthread_kill", [] { pthread_kill(pthread_self(), 0); }},
    {"pthread_sigmask", [] { pthread_sigmask(SIG_BLOCK, nullptr, nullptr); }},
    {"pause", [] { ::pause(); }},
    {"alarm", [] { alarm(0); }},
    // Processes, and ends of this one.
    {"fork",
     [] {
         if (fork() == 0) _exit(0);
     }},
    {"system", [] { rc11::check(std::system("true") == 0, ""); }},
    {"execl", [] { execl("/bin/true", "true", nullptr); }},
    {"waitpid", [] { waitpid(-1, nullptr, WNOHANG); }},
    {"exit", [] { std::exit(0); }},
    {"_exit", [] { _exit(0); }},
    {"_Exit", [] { std::_Exit(0); }},
    {"quick_exit", [] { std::quick_exit(0); }},
    // Waiting for the world outside.
    {"read",
     [] {
         char byte = 0;
         rc11::check(read(0, &byte, 1) < 2, "");
     }},
    {"poll", [] { poll(nullptr, 0, 1); }},
    {"select", [] { select(0, nullptr, nullptr, nullptr, nullptr); }},
    // Another thing each time.
    {"rand", [] { rc11::outcome(std::to_string(std::rand())); }},
    {"std::random_device", [] { rc11::outcome(std::to_string(std::random_device()())); }},
    {"getrandom",
     [] {
         int number = 0;
         rc11::check(getrandom(&number, sizeof number, 0) == sizeof number, "");
     }},
    {"gettid", [] { rc11::outcome(std::to_string(gettid())); }},
    // Code, memory and stacks from elsewhere.
    {"dlopen", [] { dlopen("libm.so.6", RTLD_NOW); }},
    {"mmap", [] { mmap(nullptr, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }},
    {"swapcontext",
     [] {
         ucontext_t here{};
         swapcontext(&here, &here);
     }},
    {"realloc",
     [] {
         static void* volatile memory = std::malloc(1);
         memory = std::realloc(memory, 2);
     }},
    // Threads by other means.
    {"thrd_create",
     [] {
         thrd_t thread{};
         thrd_create(&thread, [](void* /*argument*/) { return 0; }, nullptr);
     }},
    {"mtx_lock",
     [] {
         mtx_t mutex{};
         mtx_lock(&mutex);
     }},
    {"pthread_exit", [] { pthread_exit(nullptr); }},
    {"pthread_cancel", [] { pthread_cancel(pthread_self()); }},
    {"pthread_tryjoin_np", [] { pthread_tryjoin_np(pthread_self(), nullptr); }},
    {"pthread_getaffinity_np",
     [] {
         cpu_set_t processors;
         pthread_getaffinity_np(pthread_self(), sizeof processors, &processors);
     }},
    {"std::notify_all_at_thread_exit",
     [] {
         static std::mutex mutex;
         static std::condition_variable changed;
         std::notify_all_at_thread_exit(changed, std::unique_lock(mutex));
     }},
    {"std::notify_all_at_thread_exit", [] { std::promise<int>().set_value_at_thread_exit(1); }},
    {"a mutex that is neither a usual nor a recursive one",
     [] {
         pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
         pthread_mutex_lock(&mutex);
     }},
};

}  // namespace

TEST_CASE("limits: what is not supported is said, wherever it is called") {
    for (const Limit& limit : limits) {
        CAPTURE(limit.name);
        const std::string line = std::string(limit.name) + " is not supported by engine rc11";
        const Verification here = verify(limit.code);
        CHECK(here.result == Result::unsupported);
        CHECK_THAT(here.reason, Catch::Matchers::Contains(limit.name) &&
                                    Catch::Matchers::EndsWith("is not supported by engine rc11"));
        CHECK(verify([&limit] { std::thread(limit.code).join(); }).reason == here.reason);
    }
    // Outside of a check they are what they are.
    CHECK(std::system("true") == 0);
    CHECK(poll(nullptr, 0, 0) == 0);
    std::srand(1);
    const int first = std::rand();
    std::srand(1);
    CHECK(std::rand() == first);
}

TEST_CASE("limits: the time is the same in each execution, and sleeping takes none") {
    const auto told = [] {
        const Verification verification = verify([] {
            rc11::choose(2);
            ask_the_time();
        });
        check_verified(verification, 2);
        CHECK(verification.outcomes.size() == 1);
        return verification.outcomes;
    };
    CHECK(told() == told());
    check_verified(
        verify([] {
            const auto start = std::chrono::steady_clock::now();
            std::this_thread::sleep_for(std::chrono::hours(1));
            const auto woken = std::chrono::steady_clock::now();
            rc11::check(woken - start >= std::chrono::hours(1), "an hour is over");
            std::this_thread::sleep_until(woken + std::chrono::hours(1));
            std::this_thread::sleep_until(std::chrono::system_clock::now() + std::chrono::hours(1));
            rc11::check(std::chrono::steady_clock::now() - woken >= std::chrono::hours(2),
                        "and two more");
        }),
        1);
    // Nothing that happens in time has happened for another thread.
    check_violated(verify([] {
                       int payload = 0;
                       std::thread other([&payload] { payload = 1; });
                       std::this_thread::sleep_for(std::chrono::hours(1));
                       rc11::check(payload >= 0, "");
                       other.join();
                   }),
                   "data race");
}

TEST_CASE("limits: engines of random numbers and the environment are as they are") {
    check_verified(verify([] {
                       std::minstd_rand engine;
                       rc11::outcome(std::to_string(engine()));
                       rc11::outcome(std::getenv("PATH") == nullptr ? "none" : "some");
                       rc11::choose(2);
                   }),
                   2);
}

}  // namespace parley::tests
