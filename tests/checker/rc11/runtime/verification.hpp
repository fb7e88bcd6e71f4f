#pragma once

#include "parley/checker/rc11/runtime/verify.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>
#include <string>

/// What tests of compiled code say of its checks.
namespace parley::tests {

using rc11::Result;
using rc11::Verification;
using rc11::VerifyOptions;

inline constexpr auto relaxed = std::memory_order_relaxed;
inline constexpr auto acquire = std::memory_order_acquire;
inline constexpr auto release = std::memory_order_release;
inline constexpr auto acq_rel = std::memory_order_acq_rel;
inline constexpr auto seq_cst = std::memory_order_seq_cst;

/// As rc11::verify(); and the other way round, by states from the start, or not at all: what a
/// program is found to be does not depend on that.
template <class Code>
Verification verify(const Code& code, const VerifyOptions& options = {}) {
    Verification found = rc11::verify(code, options);
    if (options.shards > 1 || !options.checkpoint.empty()) return found;
    VerifyOptions other = options;
    other.merges_after = found.states > 0 ? UINT64_MAX : 0;
    const Verification compared = rc11::verify(code, other);
    INFO(text_of(found) << text_of(compared));
    CHECK(compared.result == found.result);
    const bool has_all = found.result == Result::verified;
    if (has_all) CHECK(compared.executions == found.executions);
    if (has_all) CHECK(compared.outcomes == found.outcomes);
    return found;
}

inline void check_verified(const Verification& verification, std::uint64_t executions) {
    INFO(verification.reason);
    CHECK(verification.result == Result::verified);
    CHECK(verification.executions == executions);
}

inline void check_ends(const Verification& verification, Result result, const std::string& reason) {
    CHECK(verification.result == result);
    CHECK_THAT(verification.reason, Catch::Matchers::Contains(reason));
}

inline void check_violated(const Verification& verification, const std::string& reason) {
    check_ends(verification, Result::violated, reason);
}

inline void check_unsupported(const Verification& verification, const std::string& reason) {
    check_ends(verification, Result::unsupported, reason);
}

}  // namespace parley::tests
