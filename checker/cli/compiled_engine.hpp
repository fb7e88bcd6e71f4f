#pragma once

#include "parley/checker/catalog.hpp"

#include <string>
#include <vector>

namespace parley::cli {

/// Adds the engine "native" to what can be explored: rc11 on the production code as it is
/// compiled. Each check runs `program`, which is linked to the engine's runtime, and reads its
/// report; where it is not there, there is no engine.
void add_compiled_engine(std::vector<checker::ProtocolEntry>& protocols,
                         const std::string& program);

}  // namespace parley::cli
