#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace parley::checker {

/// A program to run. There is no shell: arguments arrive as they are.
struct Command {
    std::string path;  ///< without a slash: looked up in PATH
    std::vector<std::string> arguments;
    /// "NAME=value" sets, "NAME" removes; the rest is inherited.
    std::vector<std::string> environment;
    /// Loads the program at fixed addresses. ThreadSanitizer's shadow memory does not fit beside
    /// the layouts of kernels with vm.mmap_rnd_bits above 28.
    bool is_address_randomized = true;
};

struct CommandLimits {
    double seconds = 60;
    std::size_t output_bytes_max = std::size_t{64} << 20;  ///< more is read and dropped
    int grace_ms = 1000;                                   ///< from the polite SIGINT to SIGKILL
    const std::atomic<bool>* stop = nullptr;
};

struct CommandResult {
    int exit_code = -1;  ///< -1: it ended by a signal
    int signal = 0;      ///< 0: it ended by itself
    bool has_timed_out = false;
    bool was_stopped = false;  ///< by the caller's flag
    bool is_truncated = false;
    double seconds = 0;
    std::string output;  ///< what it wrote to standard output
};

/// Runs `command`, reads its standard output, and ends it when its time is over or when `stop` is
/// set: first with SIGINT so that it can report, after `grace_ms` with SIGKILL, together with all
/// that it started in its process group. Standard input is empty, standard error is inherited.
/// The child gets SIGKILL when the calling thread dies, so call it from a thread that lives as long
/// as the program. Throws std::system_error when the program cannot be started.
CommandResult run_command(const Command& command, const CommandLimits& limits = {});

}  // namespace parley::checker
