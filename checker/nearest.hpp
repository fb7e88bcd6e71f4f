#pragma once

#include <span>
#include <string>
#include <string_view>

namespace parley::checker {

/// What it costs to turn `typed` into `name`, in the manner of V. I. Levenshtein, Binary codes
/// capable of correcting deletions, insertions, and reversals, 1966, with swapped neighbours as one
/// edit (F. J. Damerau, CACM 1964). We differ in the weights: adding a character costs 1 at the end
/// and 2 elsewhere, every other edit 6, because names are cut short more often than they are
/// padded. Case is ignored.
int edit_cost(std::string_view typed, std::string_view name);

/// The name that `typed` is most likely to mean; the first of equals; empty when there is none.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> names);

/// "unknown protocol 'sned'; did you mean 'send'?", or which names there are, when none is near.
std::string unknown_name(std::string_view kind, std::string_view typed,
                         std::span<const std::string_view> names);

}  // namespace parley::checker
