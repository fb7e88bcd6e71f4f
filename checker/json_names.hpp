#pragma once

#include "parley/checker/report.hpp"

#include <array>
#include <cstddef>
#include <string_view>

/// The words for enumerators in our JSON, by their value.
namespace parley::checker::json_names {

/// The member of every document that holds the version of the format.
inline constexpr std::string_view version = "parley_trace";

inline constexpr std::array<std::string_view, 2> parties{"left", "right"};

inline constexpr std::array<std::string_view, 14> event_kinds{
    "send",   "refuse", "receive", "act",    "make",  "access", "destroy",
    "reject", "load",   "store",   "modify", "fence", "plain",  "note"};
static_assert(event_kinds.size() == static_cast<std::size_t>(EventKind::note) + 1);

inline constexpr std::array<std::string_view, 5> verdicts{"verified", "passed", "violated",
                                                          "incomplete", "vacuous"};
static_assert(verdicts.size() == static_cast<std::size_t>(Verdict::vacuous) + 1);

}  // namespace parley::checker::json_names
