#pragma once

#include "parley/checker/rc11/litmus_test.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::rc11 {

/// What has come out of a litmus test.
struct LitmusFinding {
    std::uint64_t executions = 0;
    std::uint64_t blocked = 0;
    std::vector<std::string> disagreements;  ///< with what is expected of it, a line each
};

struct LitmusSuiteOptions {
    unsigned processes = 1;
    std::uint32_t shard = 1;  ///< counted from 1
    std::uint32_t shards = 1;
    const std::atomic<bool>* stop = nullptr;  ///< set when the user has had enough
};

/// Runs the tests of the shard in processes of their own, which share them: what is found does not
/// depend on how many there are. A test in which one crashes disagrees, and the others go on. By
/// test; none: it is not the shard's, or there was an end before.
std::vector<std::optional<LitmusFinding>> run_litmus_suite(const std::vector<LitmusTest>& tests,
                                                           const LitmusSuiteOptions& options);

}  // namespace parley::rc11
