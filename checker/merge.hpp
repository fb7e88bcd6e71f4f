#pragma once

#include "parley/checker/report.hpp"

#include <string>
#include <vector>

/// Parts of a campaign, run by several processes or on several machines, as one.
namespace parley::checker {

/// What a report of this check says of itself in Report::parts.
std::string part_of_campaign(const CheckOptions& check);

/// The reports that one command wrote.
struct ReportFile {
    std::string name;
    std::vector<Report> reports;
};

/// Adds to a check that draws its runs what more of them have found: executions add up, and the
/// better verdict counts unless something has ended it. What the page promises is settled later.
void add_runs(Report& sum, const Report& more);

/// Joins the reports of all files, check by check: executions add up, and the worst verdict counts.
/// A violated part has its trace kept, the first one if there are several. Throws InputError where
/// files are not of the same checks, or have the same runs in them: those would count twice.
std::vector<Report> merge_reports(const std::vector<ReportFile>& files);

}  // namespace parley::checker
