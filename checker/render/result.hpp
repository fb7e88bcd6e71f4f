#pragma once

#include "parley/checker/report.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker::render {

/// What documents are made of: a report, and the command that shows its failing run again (empty:
/// there is none).
struct Result {
    const Report* report = nullptr;
    std::string replay;
};

/// The results that have a counterexample.
std::vector<Result> with_trace(std::span<const Result> results);

/// "subscription with rc11 (real)", with the mutant if there is one.
std::string title_of(const Report& report);

/// A line of a source file.
struct Place {
    std::string file;
    int line = 0;
    std::string what;  ///< what happened there; may be empty

    bool operator==(const Place&) const = default;
};

/// Where both ends of a race are: of each stack the innermost frame outside of system headers.
std::vector<Place> race_places(const Trace& trace);

/// The place that a violation is best shown at: an end of the race, else the line of the page that
/// is quoted, else the last memory operation, else the protocol's page.
Place place_of(const Trace& trace);

/// `text` for XML and HTML: printable ASCII, with <, >, &, " and ' as entities.
std::string escaped_for_xml(std::string_view text);

}  // namespace parley::checker::render
