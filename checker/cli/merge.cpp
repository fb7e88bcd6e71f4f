#include "parley/checker/merge.hpp"
#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/documents.hpp"
#include "parley/checker/cli/input.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/report.hpp"

#include <memory>
#include <string>
#include <vector>

namespace parley::cli {

namespace {

struct MergeRequest {
    std::vector<std::string> paths;
    DocumentRequest documents;
};

int run_merge(const MergeRequest& request, const Session& session) {
    std::vector<checker::ReportFile> files;
    for (const std::string& path : request.paths) {
        const std::string text = read_input(path, checker::json_bytes_max);
        files.push_back({path, checker::reports_from_json(text, path)});
    }
    const Documents documents(request.documents, session.program);
    const std::vector<checker::Report> reports = checker::merge_reports(files);
    checker::render::ChartStyle style;
    style.colour = session.terminal.has_colour;
    for (const checker::Report& report : reports) {
        const std::string replay =
            report.trace ? replay_command(session.program, *report.trace) : "";
        say(checker::render::report_text(report, replay, style));
    }
    documents.write(reports);
    return checker::exit_code(reports, false);
}

}  // namespace

void add_merge(Parser app, const Session& session, Action& action) {
    const Parser command =
        app.add_subcommand("merge", "put reports of parts of a campaign together");
    const auto request = std::make_shared<MergeRequest>();
    command.add_option("FILE", request->paths, "what check wrote with --json").required();
    add_document_options(command, request->documents);
    command.footer(
        "Examples:\n"
        "  parley check subscription --engine explore --random --shard 1/2 --json 1.json\n"
        "  parley check subscription --engine explore --random --shard 2/2 --json 2.json\n"
        "  parley merge 1.json 2.json\n"
        "\n"
        "Exit code: that of the worst report; 2 when files are not of the same check, or have\n"
        "the same runs in them.");
    command.callback([&action, &session, request] {
        action = [&session, request] { return run_merge(*request, session); };
    });
}

}  // namespace parley::cli
