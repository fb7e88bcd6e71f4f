#include "parley/checker/guard.hpp"

#include "parley/checker/guard_exit.hpp"
#include "parley/checker/require.hpp"

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace parley::checker {

namespace guard_state {
volatile std::sig_atomic_t is_under_check = 0;
volatile std::sig_atomic_t steps = 0;
void (*on_exit)() = nullptr;
bool (*must_not_exit)() = nullptr;

void end_process(int code) {
    while (true) syscall(SYS_exit_group, code);
}
}  // namespace guard_state

namespace {

constexpr std::array crash_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
constexpr int tick_ms = 100;
/// No signal, but as little an end of the code under check as one.
constexpr int exit_call = -1;

sigjmp_buf way_out;
volatile std::sig_atomic_t is_armed = 0;
constexpr int alarm_s = 1;
volatile std::sig_atomic_t blocked_max_s = Guard::blocked_s;
timespec used_at_last_alarm;

/// Signals of a timer while the code under check takes no step.
class Standstill {
 public:
    /// One has come. How many have since the last step, or since it did `count`.
    int add(bool counts) {
        const bool goes_on = is_armed == 0 || guard_state::is_under_check == 0 ||
                             steps_ != guard_state::steps || !counts;
        steps_ = guard_state::steps;
        signals_ = goes_on ? 0 : signals_ + 1;
        return signals_;
    }
    void reset() { signals_ = 0; }

 private:
    volatile std::sig_atomic_t steps_ = 0;
    volatile std::sig_atomic_t signals_ = 0;
};
Standstill ticks;
Standstill alarms;

void leave(int signal) {
    is_armed = 0;
    siglongjmp(way_out, signal);
}

void on_crash(int signal) {
    if (is_armed != 0 && guard_state::is_under_check != 0) leave(signal);
    constexpr std::string_view text =
        "parley: crashed between two steps of the code under check, which may have damaged the "
        "heap: engine native says where\n";
    if (is_armed != 0) static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
    if (guard_state::on_exit != nullptr) guard_state::on_exit();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void on_tick(int signal) {
    if (ticks.add(true) * tick_ms >= Guard::hang_ms) leave(signal);
}

/// Code under check that waits takes no processor time, for which a loop would be missed.
void on_alarm(int signal) {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    const timespec before = std::exchange(used_at_last_alarm, used);
    constexpr long idle_ns = 50'000'000;
    const bool is_idle = used.tv_sec == before.tv_sec && used.tv_nsec - before.tv_nsec < idle_ns;
    if (alarms.add(is_idle) * alarm_s >= blocked_max_s) leave(signal);
}

/// Returns when it is not code under check that calls.
void refuse_exit() {
    if (is_armed != 0 && guard_state::is_under_check != 0) leave(exit_call);
    if (guard_state::must_not_exit != nullptr && guard_state::must_not_exit()) std::abort();
}

/// By the library's own function of this name, unless it is code under check that calls.
[[noreturn]] void end_process(const char* name, int code) {
    refuse_exit();
    reinterpret_cast<void (*)(int)>(dlsym(RTLD_NEXT, name))(code);
    __builtin_unreachable();
}

[[noreturn]] void end_process_at_once(int code) {
    refuse_exit();
    guard_state::end_process(code);
}

std::string_view name_of(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "segmentation fault";
        case SIGBUS:
            return "bus error";
        case SIGFPE:
            return "arithmetic exception";
        case SIGILL:
            return "illegal instruction";
        case SIGABRT:
            return "abort";
        case SIGTRAP:
            return "trap";
        case exit_call:
            return "exit";
        case SIGALRM:
            return "it waits for ever";
        default:
            return "endless loop";
    }
}

/// Installs the handlers for as long as it lives.
class Handlers {
 public:
    Handlers() : stack_(std::size_t{64} << 10) {
        stack_t stack{};
        stack.ss_sp = stack_.data();
        stack.ss_size = stack_.size();
        sigaltstack(&stack, &old_stack_);
        for (std::size_t i = 0; i < crash_signals.size(); ++i) {
            install(crash_signals[i], on_crash, &old_actions_[i]);
        }
        install(SIGVTALRM, on_tick, &old_tick_);
        install(SIGALRM, on_alarm, &old_alarm_);
        set_timers(tick_ms, alarm_s);
    }
    ~Handlers() {
        set_timers(0, 0);
        sigaction(SIGVTALRM, &old_tick_, nullptr);
        sigaction(SIGALRM, &old_alarm_, nullptr);
        for (std::size_t i = 0; i < crash_signals.size(); ++i) {
            sigaction(crash_signals[i], &old_actions_[i], nullptr);
        }
        sigaltstack(&old_stack_, nullptr);
    }
    Handlers(const Handlers&) = delete;
    Handlers& operator=(const Handlers&) = delete;

 private:
    static void install(int signal, void (*handler)(int), struct sigaction* old) {
        struct sigaction action{};
        action.sa_handler = handler;
        action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESTART;
        sigemptyset(&action.sa_mask);
        sigaction(signal, &action, old);
    }
    static void set_timers(int virtual_ms, int real_s) {
        itimerval period{};
        period.it_interval.tv_usec = long{virtual_ms} * 1000;
        period.it_value = period.it_interval;
        setitimer(ITIMER_VIRTUAL, &period, nullptr);
        period.it_interval = {real_s, 0};
        period.it_value = period.it_interval;
        setitimer(ITIMER_REAL, &period, nullptr);
    }

    std::vector<std::byte> stack_;
    stack_t old_stack_{};
    std::array<struct sigaction, crash_signals.size()> old_actions_{};
    struct sigaction old_tick_{};
    struct sigaction old_alarm_{};
};

}  // namespace

GuardedEnd Guard::run(const std::function<void()>& search) {
    require(is_armed == 0, "one guard at a time");
    const Handlers handlers;
    guard_state::is_under_check = 0;
    blocked_max_s = has_waited_ ? blocked_again_s : blocked_s;
    const int signal = sigsetjmp(way_out, 0);
    if (signal != 0) {
        if (guard_state::on_exit != nullptr) guard_state::on_exit();
        guard_state::is_under_check = 0;
        signal_name_ = name_of(signal);
        has_waited_ = signal == SIGALRM;
        const bool has_hung = signal == SIGVTALRM || signal == SIGALRM;
        return has_hung ? GuardedEnd::hung : GuardedEnd::crashed;
    }
    ticks.reset();
    alarms.reset();
    is_armed = 1;
    try {
        search();
    } catch (...) {
        is_armed = 0;
        throw;
    }
    is_armed = 0;
    return GuardedEnd::returned;
}

}  // namespace parley::checker

// Code under check that ends the process would end the check, with an exit code of its own. Weak:
// the runtime of engine rc11 has these as well.
extern "C" {

[[gnu::weak]] void exit(int code) noexcept {
    parley::checker::end_process("exit", code);
}

[[gnu::weak]] void quick_exit(int code) noexcept {
    parley::checker::end_process("quick_exit", code);
}

[[gnu::weak]] void _exit(int code) {
    parley::checker::end_process_at_once(code);
}

[[gnu::weak]] void _Exit(int code) noexcept {
    parley::checker::end_process_at_once(code);
}
}
