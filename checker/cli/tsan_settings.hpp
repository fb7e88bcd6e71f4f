#pragma once

#include "parley/stress/suppressions.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::cli {

/// What a user says of ThreadSanitizer's reports, for all checks of one command.
class TsanSettings {
 public:
    /// Throws InputError when the file cannot be read, or has a line that is no suppression.
    void read_suppressions(const std::string& path);

    /// The file; empty: none.
    const std::string& suppressions() const { return path_; }

    /// Takes down how many reports each suppression has matched in one check: the words of a line.
    /// Without a line, which a check that crashed has not written, nothing is said to be unused.
    void count(std::string_view words);

    /// A line for each suppression: how many reports it has matched, or that it is unused.
    std::string summary() const;

 private:
    std::string path_;
    std::vector<stress::Suppression> suppressions_;
    std::vector<std::uint64_t> counts_;
    bool is_complete_ = true;
};

/// Throws InputError, with the nearest valid name, when TSAN_OPTIONS has an option that the runtime
/// of `program` does not know, which it would not tell anybody; when it has a value that the
/// runtime does not accept; and when it has one that would keep a check from seeing or saying what
/// it finds. The names and the values are those that the runtime says it has.
void check_tsan_options(const std::string& program);

}  // namespace parley::cli
