#pragma once

#include "parley/stress/tsan.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::stress {

/// A line of a suppressions file.
struct Suppression {
    std::string kind;     ///< "race", "race_top"
    std::string pattern;  ///< with * for any text, ^ and $ for its ends; else it may be anywhere
    int line = 0;         ///< in its file, from 1

    bool operator==(const Suppression&) const = default;
};

/// Which reports of ThreadSanitizer are not to be heard, in the language of its own suppressions:
/// `race:` for a function, file or module anywhere in a stack, `race_top:` for the innermost one of
/// an access. They are matched here, with the places that symbolize() knows: the runtime itself
/// would have to start a symboliser in the midst of a run.
///
/// Throws InputError, with the line, for what is no suppression or never matches a report that can
/// be made here. `name`: of the file.
std::vector<Suppression> parse_suppressions(std::string_view text, std::string_view name);

bool matches(const Suppression& suppression, const TsanReport& report);

/// Whether `text` has a part that `pattern` stands for, as in Suppression.
bool matches(std::string_view pattern, std::string_view text);

}  // namespace parley::stress
