#include "parley/checker/cli/documents.hpp"

#include "parley/checker/json.hpp"
#include "parley/checker/render/github.hpp"
#include "parley/checker/render/html.hpp"
#include "parley/checker/render/junit.hpp"
#include "parley/checker/render/mermaid.hpp"
#include "parley/checker/render/result.hpp"
#include "parley/checker/render/sarif.hpp"
#include "parley/checker/render/shiviz.hpp"
#include "parley/checker/render/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <span>
#include <system_error>

namespace parley::cli {

namespace {

using checker::InputError;
using checker::Report;
using checker::render::Result;

using Results = std::span<const Result>;

/// What is written into the file of a format.
struct Format {
    std::string_view name;
    std::string_view help;
    std::string (*write)(Results results);
};

std::string write_json(Results results) {
    std::vector<Report> reports;
    for (const Result& result : results) reports.push_back(*result.report);
    return checker::to_json(reports);
}

/// A file for one counterexample has the first one.
template <auto Render, auto Empty>
std::string write_first(Results results) {
    const std::vector<Result> failed = with_trace(results);
    return failed.empty() ? Empty() : Render(*failed.front().report->trace);
}

std::string empty_log() {
    return "";
}

namespace render = checker::render;

constexpr std::array formats{
    Format{"json", "write all reports with their traces to a file", write_json},
    Format{"junit", "write them as JUnit XML", render::junit},
    Format{"sarif", "write violations as SARIF 2.1.0", render::sarif},
    Format{"html", "write all as one page", render::html},
    Format{"markdown", "write all as Markdown, for an issue or a job's summary", render::markdown},
    Format{"mermaid", "write the first counterexample as a Mermaid sequence diagram",
           write_first<render::mermaid, render::empty_mermaid>},
    Format{"svg", "write it as a picture", write_first<render::svg, render::empty_svg>},
    Format{"shiviz", "write it as a log for ShiViz", write_first<render::shiviz, empty_log>},
};

/// Appends to the summary of a job of GitHub Actions, if this is one.
void append_to_summary(const std::string& text) {
    const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
    if (path == nullptr || *path == '\0') return;
    append_file(path, text);
}

}  // namespace

void add_document_options(Parser command, DocumentRequest& request) {
    for (const Format& format : formats) {
        const std::string name{format.name};
        command.add_option("--" + name, request.paths[name], std::string{format.help})
            .type_name("FILE");
    }
    command.add_flag("--github", request.is_github,
                     "print annotations for GitHub Actions, and add to the job's summary");
}

Documents::Documents(const DocumentRequest& request, std::string_view program)
    : program_(program), is_github_(request.is_github) {
    std::set<std::filesystem::path> seen;
    for (const auto& [name, path] : request.paths) {
        if (path.empty()) continue;
        files_.emplace(name, OutputFile(path));
        std::error_code ignored;
        const auto file =
            std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
        if (std::filesystem::is_character_file(file, ignored)) continue;
        if (!seen.insert(file).second) throw InputError("two documents for one file: " + path);
    }
}

void Documents::write(const std::vector<Report>& reports, std::vector<std::string> replays) const {
    replays.resize(reports.size());
    std::vector<Result> results;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const Report& report = reports[i];
        const bool has_choices = report.trace && !report.trace->choices.empty();
        if (replays[i].empty() && has_choices) replays[i] = replay_command(program_, *report.trace);
        results.push_back({&report, replays[i]});
    }
    for (const Format& format : formats) {
        const auto file = files_.find(std::string{format.name});
        if (file != files_.end()) file->second.write(format.write(results));
    }
    if (!is_github_) return;
    say(render::github_annotations(results));
    append_to_summary(render::markdown(results));
}

}  // namespace parley::cli
