#include "parley/checker/cli/traces.hpp"

#include "parley/checker/cli/input.hpp"
#include "parley/checker/json.hpp"

#include <utility>

namespace parley::cli {

std::vector<checker::Report> read_failures(const std::string& path) {
    std::vector<checker::Report> failures;
    for (checker::Report& report :
         checker::reports_from_json(read_input(path, checker::json_bytes_max), path)) {
        if (report.verdict != checker::Verdict::violated || !report.trace) continue;
        failures.push_back(std::move(report));
    }
    if (failures.empty()) throw checker::InputError(path + ": holds no run that breaks a property");
    return failures;
}

}  // namespace parley::cli
