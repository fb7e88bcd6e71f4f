#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <string_view>

namespace parley::checker {

/// How guarded code ended.
enum class GuardedEnd : std::uint8_t { returned, crashed, hung };

/// Runs a search so that a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, a stack overflow) or an
/// endless loop of the code under check ends the search and not the tool.
///
/// Control leaves the code under check with siglongjmp: what it held is not destroyed. That is
/// outside the C++ standard and works where synchronous signals do (Linux with glibc); the search
/// is over at that point, so nothing is built on what was left behind. Signals that arrive outside
/// an UnderCheck scope are the tool's own and keep their default effect. One guard at a time.
class Guard {
 public:
    /// A step that takes this much CPU time is an endless loop.
    static constexpr int hang_ms = 2000;
    /// And one that waits for so long, while the process takes next to no CPU time, waits for ever.
    static constexpr int blocked_s = 10;
    /// Or for so long, when this guard has seen it wait for ever before: what is had again does so.
    static constexpr int blocked_again_s = 3;

    /// Runs `search`; exceptions pass through.
    GuardedEnd run(const std::function<void()>& search);

    /// The name of the signal after a crash.
    std::string_view signal_name() const { return signal_name_; }

 private:
    std::string_view signal_name_;
    bool has_waited_ = false;
};

namespace guard_state {
extern volatile std::sig_atomic_t is_under_check;
extern volatile std::sig_atomic_t steps;
}  // namespace guard_state

/// While it lives, code under check runs: a crash now is a finding.
class UnderCheck {
 public:
    UnderCheck() {
        guard_state::steps = guard_state::steps + 1;
        guard_state::is_under_check = 1;
    }
    ~UnderCheck() { guard_state::is_under_check = 0; }
    UnderCheck(const UnderCheck&) = delete;
    UnderCheck& operator=(const UnderCheck&) = delete;
};

/// While it lives in an UnderCheck scope, the tool's own code runs.
class NotUnderCheck {
 public:
    NotUnderCheck() : was_under_check_(guard_state::is_under_check) {
        guard_state::steps = guard_state::steps + 1;
        guard_state::is_under_check = 0;
    }
    ~NotUnderCheck() { guard_state::is_under_check = was_under_check_; }
    NotUnderCheck(const NotUnderCheck&) = delete;
    NotUnderCheck& operator=(const NotUnderCheck&) = delete;

 private:
    std::sig_atomic_t was_under_check_;
};

}  // namespace parley::checker
