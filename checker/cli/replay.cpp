#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/documents.hpp"
#include "parley/checker/cli/input.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/render/difference.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/replay_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace parley::cli {

namespace {

using checker::ReplayLine;
using checker::Report;
using checker::Trace;
using checker::Verdict;

/// A run to be shown again.
struct Recording {
    ReplayLine line;
    std::uint64_t seed = 1;
    std::optional<Trace> trace;    ///< from a file
    std::optional<Report> report;  ///< that it was in
};

std::vector<Recording> read_file(const std::string& path) {
    std::vector<Recording> recordings;
    for (Report& report :
         checker::reports_from_json(read_input(path, checker::json_bytes_max), path)) {
        if (report.verdict != Verdict::violated || !report.trace) continue;
        ReplayLine line = checker::replay_line_of(*report.trace);
        recordings.push_back(
            {std::move(line), report.trace->seed, report.trace, std::move(report)});
    }
    if (recordings.empty())
        throw checker::InputError(path + ": holds no run that breaks a property");
    return recordings;
}

/// `run` is the name of a file or a replay line.
std::vector<Recording> read_recordings(const std::string& run) {
    std::error_code ignored;
    if (std::filesystem::exists(run, ignored)) return read_file(run);
    if (std::ranges::count(run, '/') != 3 || run.ends_with(".json")) {
        throw checker::InputError(fmt::format("no file {}, and it is not a replay line", run));
    }
    return {{checker::parse_replay_line(run), 1, std::nullopt, std::nullopt}};
}

/// What the user asked `replay` to do.
struct ReplayRequest {
    std::string run;
    bool is_full = false;
    DocumentRequest documents;
};

/// Shows recorded runs again and says whether they are what they were.
class ReplayRun {
 public:
    ReplayRun(const ReplayRequest& request, const Session& session)
        : session_(session),
          recordings_(read_recordings(request.run)),
          documents_(request.documents, session.program) {
        style_.colour = session.terminal.has_colour;
        style_.full = request.is_full;
        for (const Recording& recording : recordings_) jobs_.push_back(find_job(recording));
    }

    int run() {
        bool is_reproduced = false;
        int worst = 0;
        for (std::size_t i = 0; i < recordings_.size() && !session_.is_stopped(); ++i) {
            if (i > 0) say("\n");
            const int code = replay(recordings_[i], jobs_[i]);
            is_reproduced = is_reproduced || code == checker::exit_code(Verdict::violated);
            worst = std::max(worst, code);
        }
        documents_.write(reports_);
        if (is_reproduced) return checker::exit_code(Verdict::violated);
        return session_.is_stopped() ? checker::exit_code(Verdict::incomplete) : worst;
    }

 private:
    Job find_job(const Recording& recording) const {
        const ReplayLine& line = recording.line;
        const checker::ProtocolEntry& protocol = find_protocol(session_.catalog, line.protocol);
        for (const auto& [name, value] : line.bounds) {
            select_bounds({&protocol}, {fmt::format("{}={}", name, value)});
        }
        const std::string_view engine = select_engines(session_.catalog, {line.engine}).front();
        return select_jobs({&protocol}, {engine}, line.mutant).front();
    }

    int replay(const Recording& recording, const Job& job) {
        if (!job.variant->runner.replay) return show_recorded(recording);
        checker::CheckOptions options;
        for (const auto& [name, value] : recording.line.bounds) options.bounds[name] = value;
        options.seed = recording.seed;
        options.scheduler = recording.line.scheduler;
        options.stop = session_.stop;
        const Report report = job.variant->runner.replay(options, recording.line.choices);
        say(checker::render::report_text(report, "", style_));
        reports_.push_back(report);
        const std::string difference = difference_to(recording, report);
        say(verdict_line(recording, report, difference));
        if (report.verdict == Verdict::violated || difference.empty()) {
            return checker::exit_code(report.verdict);
        }
        return checker::exit_code(Verdict::incomplete);
    }

    /// Real threads cannot be told what to do: all that is left is to draw what they did.
    int show_recorded(const Recording& recording) {
        const std::string& engine = recording.line.engine;
        if (recording.trace) {
            say(chart(*recording.trace, style_));
            reports_.push_back(*recording.report);
        }
        say(fmt::format("  replayed  no: engine {} has no choices to repeat\n", engine));
        return checker::exit_code(Verdict::incomplete);
    }

    static std::string difference_to(const Recording& recording, const Report& report) {
        if (!report.trace) return "";
        if (recording.trace) return checker::render::difference(*recording.trace, *report.trace);
        return checker::render::difference(recording.line.choices, report.trace->choices);
    }

    static std::string verdict_line(const Recording& recording, const Report& report,
                                    const std::string& difference) {
        if (!difference.empty()) {
            return fmt::format("  replayed  the code has changed, {}\n", difference);
        }
        if (report.verdict != Verdict::violated) return "  replayed  nothing is violated\n";
        return recording.trace ? "  replayed  the same, event for event\n"
                               : "  replayed  the choices fit\n";
    }

    const Session& session_;
    std::vector<Recording> recordings_;
    std::vector<Job> jobs_;
    Documents documents_;
    checker::render::ChartStyle style_;
    std::vector<Report> reports_;  ///< of what was shown
};

}  // namespace

void add_replay(CLI::App& app, const Session& session, Action& action) {
    CLI::App* command = app.add_subcommand("replay", "show a failing run again");
    const auto request = std::make_shared<ReplayRequest>();
    command
        ->add_option("RUN", request->run, "a file of check --json, or the line that a check prints")
        ->required();
    command->add_flag("--full", request->is_full, "a chart with every event");
    add_document_options(*command, request->documents);
    command->footer(
        "Examples:\n"
        "  parley replay trace.json\n"
        "  parley replay trace.json --html trace.html --mermaid trace.mmd\n"
        "  parley replay cancelable_one_shot+both_outcomes/explore/capacity=2,rounds=4/2:01101\n"
        "\n"
        "Exit code: 1 the property is violated again, 0 it is not, 2 bad input,\n"
        "3 the code has changed so that the run says nothing.");
    command->callback([&action, &session, request] {
        action = [&session, request] { return ReplayRun(*request, session).run(); };
    });
}

}  // namespace parley::cli
