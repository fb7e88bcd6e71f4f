#pragma once

#include "parley/protocols/model/role.hpp"
#include "parley/stress/tsan.hpp"

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::stress {

/// The exit code of a program that ended in the crash handler.
inline constexpr int crash_exit_code = 86;
/// What a thread is sent that hangs in the code under check. ThreadSanitizer keeps other signals
/// back until the code calls into its runtime.
inline constexpr int hang_signal = SIGSYS;

/// An access of a race that ThreadSanitizer had reported before the crash.
struct CrashAccess {
    bool is_write = false;
    bool is_atomic = false;
    int size_bytes = 0;
    std::string thread;
    std::vector<std::size_t> instructions;  ///< as in Crash

    bool operator==(const CrashAccess&) const = default;
};

struct CrashRace {
    std::string kind;
    std::vector<CrashAccess> accesses;

    bool operator==(const CrashRace&) const = default;
};

/// Where the code under check crashed.
struct Crash {
    int signal = 0;
    bool is_running = false;  ///< false: outside of the code under check, a bug of ours
    model::Party party = model::Party::left;
    std::uint64_t instance = 0;
    std::uint64_t address = 0;  ///< that could not be accessed, for SIGSEGV and SIGBUS
    /// Instructions of the program's own ELF file, innermost first: an input of symbolize_in().
    /// Empty when the stack was not readable.
    std::vector<std::size_t> instructions;
    std::vector<CrashRace> races;  ///< reported by ThreadSanitizer, and not taken before the crash

    bool operator==(const Crash&) const = default;
};

/// From now on a fatal signal (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, hang_signal; so also
/// std::terminate and a failed assert) writes a record to `descriptor` and ends the program with
/// crash_exit_code. The record is complete even if the crash has damaged the heap or overflowed the
/// stack.
void install_crash_handler(int descriptor);

/// The crash that a program reported at the end of its output; nothing when it has not crashed.
std::optional<Crash> parse_crash(std::string_view output);

/// With the source lines of `module`, the program that crashed.
TsanReport report_of(const CrashRace& race, const std::string& module);

/// "segmentation fault", "abort", ...
std::string_view name_of_signal(int signal);

/// Room for the crash handler on a thread whose own stack may be full. Made and destroyed on the
/// thread that it is for.
class AlternateStack {
 public:
    AlternateStack();
    ~AlternateStack();
    AlternateStack(const AlternateStack&) = delete;
    AlternateStack& operator=(const AlternateStack&) = delete;

 private:
    static constexpr std::size_t size_bytes = std::size_t{256} << 10;

    std::unique_ptr<std::byte[]> bytes_ = std::make_unique<std::byte[]>(size_bytes);
};

}  // namespace parley::stress
