#include "parley/checker/meaning.hpp"

#include "parley/checker/engines.hpp"

#include <fmt/format.h>

namespace parley::checker {

namespace {

std::string meaning_of(const Report& report) {
    switch (report.verdict) {
        case Verdict::verified:
            if (report.engine == "explore" && report.fairness.empty()) {
                return "no reachable state violates a property, deadlocks or leaves an orphan "
                       "message, within these bounds; runs without end were not looked for";
            }
            if (report.engine == "explore") {
                return fmt::format(
                    "no reachable state violates a property, deadlocks or leaves an orphan "
                    "message, and no run goes on for ever owing something, within these bounds "
                    "(fairness: {})",
                    report.fairness == "none"      ? "none"
                    : report.fairness == "process" ? "weak, for each party"
                                                   : "weak, for each kind of step");
            }
            if (report.engine == "native") {
                return "no execution of the compiled code that RC11 allows violates a property, "
                       "within these bounds";
            }
            if (report.engine == "rc11") {
                return fmt::format(
                    "no execution that RC11 allows violates a property, within "
                    "these bounds, {}",
                    report.scheduler == "channel"
                        ? "over channels in the place of the queues, whose own "
                          "code was not looked at"
                        : "with the queues as they are shipped");
            }
            return "the search ended: no execution within these bounds violates a property";
        case Verdict::passed: {
            const std::uint64_t executions = report.count("executions");
            if (is_rc11(report.engine)) {
                return fmt::format("nothing found in the {} executions of a part of the search",
                                   executions);
            }
            const auto rate = failure_rate_below(report);
            if (!rate) {
                return fmt::format("nothing found in the {} executions that the search came to",
                                   executions);
            }
            return fmt::format(
                "nothing found in {} executions: failure rate below {:.2g} at 95 %{}", executions,
                *rate,
                report.engine == "fibers"
                    ? " of the runs of this scheduler; of memory orders, what "
                      "unordered accesses show, but for fences"
                    : "");
        }
        case Verdict::violated:
            return "there is an execution in which the property fails";
        case Verdict::incomplete:
            return "stopped before the end: what was looked at is free of violations, the rest is "
                   "unknown";
        case Verdict::vacuous:
            return "the check did not reach what it must reach, so it proves nothing";
    }
    return {};
}

}  // namespace

std::optional<double> failure_rate_below(const Report& report) {
    const std::uint64_t executions = report.count("executions");
    const bool is_search =
        is_rc11(report.engine) || (report.engine == "relacy" && report.scheduler != "random");
    // Of up to three executions the rule says nothing.
    if (report.verdict != Verdict::passed || executions <= 3 || is_search) return std::nullopt;
    return 3.0 / static_cast<double>(executions);
}

void explain(Report& report) {
    report.meaning = meaning_of(report);
    if (report.is_reduced) {
        report.meaning += "; of interleavings that make no difference, some were left out";
    }
    if (report.has_orbits) {
        report.meaning +=
            "; of states that differ in the names of interchangeable values only, one was looked "
            "at (an orbit), and transitions and ends are counted from these";
    }
    if (!report.asymmetry.empty()) {
        report.meaning +=
            "; all states were looked at, since the values that are declared "
            "interchangeable are not: " +
            report.asymmetry;
    }
}

}  // namespace parley::checker
