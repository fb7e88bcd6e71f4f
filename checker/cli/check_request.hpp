#pragma once

#include "parley/checker/cli/documents.hpp"
#include "parley/checker/cli/session.hpp"
#include "parley/checker/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::cli {

/// What the user asked `check` or `stress` to do, as it was typed.
struct CheckRequest {
    std::vector<std::string> protocols;
    std::vector<std::string> engines;
    std::string mutant;
    std::optional<double> seconds;
    std::vector<std::string> settings;  ///< "rounds=3"
    std::string transport;              ///< "lossy:1"; empty: fifo
    std::string queue;                  ///< rc11: "real" or "channel"; empty: real
    bool is_random = false;
    bool is_pct = false;
    checker::CheckOptions options;  ///< without bounds and seconds
    std::optional<double> checkpoint_seconds;
    DocumentRequest documents;
    std::string corpus;        ///< a folder of failing runs; empty: none
    std::string suppressions;  ///< a file for engines under ThreadSanitizer; empty: none
    bool is_full = false;
    bool is_shrinking = true;
    bool has_coverage = false;  ///< print what of the page was reached
    bool has_outcomes = false;  ///< print how often each outcome was seen
    bool has_fibers = false;    ///< stress: on fibers instead of threads
};

/// Options that `check` and `stress` share.
void add_common_options(Parser command, CheckRequest& request);
/// Options for the engines that do not run real threads.
void add_engine_options(Parser command, CheckRequest& request);

/// Runs all that `request` asks for and prints it: violations as they are found, with a chart and a
/// line that replays the run, and a table at the end. Returns the exit code.
int run_check(const CheckRequest& request, const Session& session);

/// Time budget in seconds of an engine that samples, when the user names none; 0: it goes by a
/// number of executions, so that it does the same every time. All protocols with all engines must
/// end within a minute.
double default_seconds(std::string_view engine);

}  // namespace parley::cli
