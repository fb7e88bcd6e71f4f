#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What the harnesses are asked for, which are programs that a command starts for one check.
namespace parley::checker {

/// Bounds that are set as "NAME=VALUE". Throws std::exception for a value that is no number.
std::map<std::string, int> bounds_of(const std::vector<std::string>& settings);

/// What checks the original of a protocol, or the mutant of that name, by the only engine of
/// `protocols`. Throws InputError when there is none.
const Runner& find_runner(const std::vector<ProtocolEntry>& protocols, std::string_view protocol,
                          std::string_view mutant);

}  // namespace parley::checker
