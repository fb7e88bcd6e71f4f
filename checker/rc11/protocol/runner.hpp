#pragma once

#include "parley/checker/campaign.hpp"
#include "parley/checker/catalog.hpp"
#include "parley/checker/memory_log.hpp"
#include "parley/checker/order_finding.hpp"
#include "parley/checker/rc11/protocol/judged_program.hpp"
#include "parley/checker/rc11/protocol/machine.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subject.hpp"
#include "parley/specs/model/mutant.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace parley::rc11 {

using DescribeSubject = std::function<checker::Subject(const checker::CheckOptions&)>;
/// Makes the test of a variant, whose runs report to the campaign.
using MakeTest =
    std::function<std::unique_ptr<Test>(const checker::CheckOptions&, checker::Campaign&)>;

/// Makes the program of a variant, whose runs report to the campaign, and to the log and the orders
/// unless these are null.
using MakeProgram = std::function<std::unique_ptr<JudgedProgram>(
    const checker::CheckOptions&, checker::Campaign&, checker::MemoryLog*, OrderWatch*)>;

/// One way to run a variant of a protocol for the search through all executions.
struct Engine {
    std::string_view name;
    DescribeSubject describe;
    MakeProgram make_program;
    bool has_channels = false;  ///< CheckOptions::scheduler says over which queues
};

/// The search, as a check.
checker::Runner runner_of(const Engine& engine);

/// Whether a check is over channels: its scheduler is "channel", not "real" or empty. Throws
/// InputError for any other.
bool has_channels(const checker::CheckOptions& check);

/// The rc11 engine on one variant of a protocol.
checker::Runner rc11_runner(const DescribeSubject& describe, const MakeTest& make_test);

/// Checks it again with each of its memory orders made weaker by one step, one at a time.
checker::OrderFindings weaken_orders(const DescribeSubject& describe, const MakeTest& make_test,
                                     const checker::CheckOptions& check);

/// A variant in the catalog.
checker::VariantEntry rc11_entry_of(const specs::model::Mutant& mutant,
                                    const DescribeSubject& describe, const MakeTest& make_test);

}  // namespace parley::rc11
