#pragma once

#include "parley/checker/trace.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace parley::cli {

/// Writes to standard output. Throws InputError when that fails: a result that nobody got is not a
/// result.
void say(std::string_view text);

/// The command that shows the run of a trace again, for `program` as the user called it.
std::string replay_command(std::string_view program, const checker::Trace& trace);

/// Writes a new file. Throws InputError when it is there already, or cannot be written; then there
/// is no new file.
void create_file(const std::string& path, std::string_view text);

/// Adds to a file, which is made if it is not there. Throws InputError when it cannot be written.
void append_file(const std::string& path, std::string_view text);

/// A file that is written as a whole or not at all: what was there before stays until the new text
/// is complete. Devices and pipes are written to as they are.
class OutputFile {
 public:
    OutputFile() = default;
    /// Throws InputError when `path` cannot be written; nothing is changed. An empty path is no
    /// file.
    explicit OutputFile(const std::string& path);

    /// Throws InputError when the text cannot be written; the old file is still there then.
    void write(std::string_view text) const;

 private:
    std::filesystem::path temporary_path() const;

    std::filesystem::path path_;  ///< symbolic links resolved
    bool is_regular_ = true;
};

}  // namespace parley::cli
