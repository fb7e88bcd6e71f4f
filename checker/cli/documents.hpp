#pragma once

#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/parser.hpp"
#include "parley/checker/report.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What a command writes for others than the one at the terminal.
namespace parley::cli {

/// What the user wants of it.
struct DocumentRequest {
    std::map<std::string, std::string> paths;  ///< by format, as in "junit"; empty: not wanted
    bool is_github = false;
};

/// --json, --junit, --sarif, --html, --markdown, --mermaid, --svg, --shiviz and --github.
void add_document_options(Parser command, DocumentRequest& request);

/// The documents of one command. Each is written as a whole or not at all.
class Documents {
 public:
    /// Throws InputError when one of the files cannot be written, or two are the same; nothing is
    /// changed. `program` is how the user called the command.
    Documents(const DocumentRequest& request, std::string_view program);

    /// Writes all of them. `replays` has the command that shows the failing run again for each of
    /// `reports`; without it they are made from the traces. Throws InputError when a file cannot
    /// be written.
    void write(const std::vector<checker::Report>& reports,
               std::vector<std::string> replays = {}) const;

 private:
    std::string program_;
    std::map<std::string, OutputFile> files_;  ///< by format
    bool is_github_ = false;
};

}  // namespace parley::cli
