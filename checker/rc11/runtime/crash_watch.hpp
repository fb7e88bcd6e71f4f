#pragma once

#include <array>
#include <csignal>
#include <memory>

namespace parley::rc11 {

/// While it lives, a crash of code under check is a violation (Runtime::crash); any other one is
/// what it would be without.
class CrashWatch {
 public:
    CrashWatch();
    CrashWatch(const CrashWatch&) = delete;
    CrashWatch& operator=(const CrashWatch&) = delete;
    ~CrashWatch();

 private:
    static constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL};

    static void handle(int signal, siginfo_t* info, void* context);

    static inline std::array<struct sigaction, signals.size()> before_{};
    std::unique_ptr<std::byte[]> stack_;  ///< that of the thread may be what is full
    stack_t stack_before_{};
};

}  // namespace parley::rc11
