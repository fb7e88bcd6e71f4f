#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker {

/// What a harness is asked for: a program that a command, which has checked all names, starts for
/// one check.
struct HarnessRequest {
    std::string protocol;
    std::string mutant;             ///< empty: the original
    std::optional<Choices> run;     ///< to be shown again; none: a check
    std::optional<double> seconds;  ///< that it may take; none: as long as it takes, or as usual
    bool is_shrinking = false;
    bool is_idle = false;      ///< only sees whether the runtime takes its options
    std::string suppressions;  ///< a file; empty: none
    CheckOptions check;
};

/// What a harness does with the executions of a protocol.
enum class HarnessKind : std::uint8_t {
    samples,   ///< some of them, by a seed
    searches,  ///< all, in parts and pieces
};

/// From the arguments of the program. Throws InputError when they make no sense, or are for a
/// harness of the other kind.
HarnessRequest parse_harness_request(int argc, char** argv, HarnessKind kind);

/// What checks the original of a protocol, or the mutant of that name, by the only engine of
/// `protocols`. Throws InputError when there is none.
const Runner& find_runner(const std::vector<ProtocolEntry>& protocols, std::string_view protocol,
                          std::string_view mutant);

}  // namespace parley::checker
