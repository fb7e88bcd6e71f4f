#pragma once

#include "parley/checker/report.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace parley::cli {

/// A run of a corpus, and the file that it is in.
struct KnownFailure {
    std::string file;
    checker::Report report;
};

/// A folder of failing runs, each a file as `check --json` writes it: what was found once is looked
/// at first by every later check.
class Corpus {
 public:
    /// The folder need not be there yet. An empty path is no corpus.
    explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// All failing runs in it, in the order of the files' names. Throws InputError for a file
    /// "*.json" that is not what it should be: a known failure that nobody looks at is none.
    std::vector<KnownFailure> failures() const;

    /// Keeps the run of a violation unless it has it; returns the new file's path, or "". Throws
    /// InputError when it cannot be written.
    std::string keep(const checker::Report& report) const;

 private:
    std::filesystem::path folder_;
};

}  // namespace parley::cli
