#pragma once

#include "parley/checker/report.hpp"

#include <string>
#include <vector>

namespace parley::checker {

/// What became of a check when one memory order in the code was made weaker by one step.
struct OrderFinding {
    std::string place;           ///< "protocols/model/spsc_queue.hpp:298:24"
    std::string what;            ///< "store"
    std::string order;           ///< as it is written there
    std::string weakened;        ///< what it was made
    Report report;               ///< violated: the order is necessary, and here is why
    std::string counterexample;  ///< as text, of a report without a trace

    bool is_necessary() const { return report.verdict == Verdict::violated; }
    /// What fails, in a few words.
    std::string property() const {
        return report.trace ? report.trace->violation.property
                            : report.reason.substr(0, report.reason.find(':'));
    }
};

struct OrderFindings {
    Report original;                     ///< with all orders as they are
    std::vector<OrderFinding> findings;  ///< none unless the original is verified
};

}  // namespace parley::checker
