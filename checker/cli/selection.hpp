#pragma once

#include "parley/checker/catalog.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// From names that a user typed to entries of the catalog. Everything here throws InputError with
/// the nearest valid name for a name that is not known.
namespace parley::cli {

using Catalog = std::vector<checker::ProtocolEntry>;
using Protocols = std::vector<const checker::ProtocolEntry*>;
using Engines = std::vector<std::string_view>;

/// One engine on one variant of one protocol.
struct Job {
    const checker::ProtocolEntry* protocol = nullptr;
    std::string_view engine;
    const checker::VariantEntry* variant = nullptr;
    std::map<std::string, int> transport = {};  ///< bounds of its own, see checker::transport_of
};

const checker::ProtocolEntry& find_protocol(const Catalog& catalog, std::string_view name);

/// The protocols called `names`, each once; all when there are none.
Protocols select_protocols(const Catalog& catalog, const std::vector<std::string>& names);

/// The engines called `names`, each once; all when there are none. "stress" stands for both builds
/// of the stress engine.
Engines select_engines(const Catalog& catalog, const std::vector<std::string>& names);

/// What to run: every engine of `engines` on `mutant`, or the original, of every protocol that has
/// it.
std::vector<Job> select_jobs(const Protocols& protocols, const Engines& engines,
                             std::string_view mutant);

/// `jobs`, and behind each complete search of an original one more for each transport that its page
/// tolerates: lossy and duplicating with two faults, so that what is sent again may be hit as well.
std::vector<Job> with_tolerated_transports(const std::vector<Job>& jobs);

/// The bound that a text such as "lossy:2", "reordering" or "fifo" stands for (see
/// checker::transport_of); without a name for fifo.
std::pair<std::string, int> select_transport(std::string_view text);

/// Values of bounds by name, from texts "rounds=3". Every name must be a bound of one of the
/// protocols, and every value must suit all protocols that have the bound.
std::map<std::string, int> select_bounds(const Protocols& protocols,
                                         const std::vector<std::string>& settings);

}  // namespace parley::cli
