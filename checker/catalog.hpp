#pragma once

#include "parley/checker/order_finding.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/walks.hpp"
#include "parley/specs/model/mutant.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker {

/// A bound of a protocol's scripts: its name, default and sensible values.
struct BoundEntry {
    std::string name;
    int value = 0;
    int min = 0;
    int max = 0;
};

/// The original of a protocol or one of its mutants, with an engine that can check it.
struct VariantEntry {
    specs::model::Mutant mutant;  ///< without a name: the original
    Runner runner;
    /// Finds out which memory orders are necessary; empty: the engine cannot.
    std::function<OrderFindings(const CheckOptions&)> orders = nullptr;
    Walks walks = {};
};

/// One protocol as one engine sees it.
struct EngineEntry {
    std::string_view engine;  ///< "explore", "relacy", "rc11", "native", "stress", "tsan", "fibers"
    std::vector<VariantEntry> variants;  ///< the original first
};

/// One protocol with everything that can check it.
struct ProtocolEntry {
    std::string_view name;
    std::string_view summary;
    std::string_view left;
    std::string_view right;
    std::vector<BoundEntry> bounds;
    std::vector<EngineEntry> engines;
    PageSource page = nullptr;
    bool is_queue = false;  ///< the queue itself, for which no channel can stand
};

/// All protocols that were built in, by name. Generated from the files in specs/.
const std::vector<ProtocolEntry>& catalog();

}  // namespace parley::checker
