#pragma once

#include "parley/checker/catalog.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// From names that a user typed to entries of the catalog. Everything here throws InputError with
/// the nearest valid name for a name that is not known.
namespace parley::cli {

/// One engine on one variant of one protocol.
struct Job {
    const checker::ProtocolEntry* protocol = nullptr;
    std::string_view engine;
    const checker::VariantEntry* variant = nullptr;
};

const checker::ProtocolEntry& find_protocol(std::string_view name);

/// The protocols called `names`, each once; all when there are none.
std::vector<const checker::ProtocolEntry*> select_protocols(const std::vector<std::string>& names);

/// The engines called `names`, each once; all when there are none. "stress" stands for both builds
/// of the stress engine.
std::vector<std::string_view> select_engines(const std::vector<std::string>& names);

/// What to run: every engine of `engines` on `mutant`, or the original, of every protocol that has
/// it.
std::vector<Job> select_jobs(const std::vector<const checker::ProtocolEntry*>& protocols,
                             const std::vector<std::string_view>& engines,
                             std::string_view mutant);

/// Values of bounds by name, from texts "rounds=3". Every name must be a bound of one of the
/// protocols, and every value must suit all protocols that have the bound.
std::map<std::string, int> select_bounds(
    const std::vector<const checker::ProtocolEntry*>& protocols,
    const std::vector<std::string>& settings);

/// Throws InputError unless `value` is one that `bound` may have.
void check_bound(const checker::BoundEntry& bound, int value);

}  // namespace parley::cli
