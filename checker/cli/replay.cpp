#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/documents.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/cli/stress_engine.hpp"
#include "parley/checker/cli/traces.hpp"
#include "parley/checker/page_check.hpp"
#include "parley/checker/render/difference.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/replay_line.hpp"
#include "parley/checker/reproduce.hpp"

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

/// A run to be shown again: of a file with the report that it was in, which has its trace; of a
/// line with nothing but its choices.
struct Recording {
    ReplayLine line;
    std::optional<Report> report;

    const Trace* trace() const { return report ? &*report->trace : nullptr; }
};

std::vector<Recording> read_file(const std::string& path) {
    std::vector<Recording> recordings;
    for (Report& report : read_failures(path)) {
        ReplayLine line = checker::replay_line_of(*report.trace);
        recordings.push_back({std::move(line), std::move(report)});
    }
    return recordings;
}

/// `run` is the name of a file or a replay line.
std::vector<Recording> read_recordings(const std::string& run) {
    std::error_code ignored;
    if (std::filesystem::exists(run, ignored)) return read_file(run);
    if (std::ranges::count(run, '/') != 3 || run.ends_with(".json")) {
        throw checker::InputError(fmt::format("no file {}, and it is not a replay line", run));
    }
    return {{checker::parse_replay_line(run), std::nullopt}};
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
        for (const Recording& recording : recordings_) {
            check_tsan_options_for({recording.line.engine});
        }
        style_.colour = session.terminal.has_colour;
        style_.full = request.is_full;
    }

    int run() {
        bool is_reproduced = false;
        int worst = 0;
        for (std::size_t i = 0; i < recordings_.size() && !session_.is_stopped(); ++i) {
            if (i > 0) say("\n");
            const int code = replay(recordings_[i]);
            is_reproduced = is_reproduced || code == checker::exit_code(Verdict::violated);
            worst = std::max(worst, code);
        }
        documents_.write(reports_);
        if (is_reproduced) return checker::exit_code(Verdict::violated);
        return session_.is_stopped() ? checker::exit_code(Verdict::incomplete) : worst;
    }

 private:
    int replay(const Recording& recording) {
        if (recording.line.engine == checker::page_engine) return show_recorded(recording);
        const checker::Reproduction again =
            checker::reproduce(session_.catalog, trace_of(recording), session_.stop);
        const Report& report = again.report;
        if (!report.trace) return show_recorded(recording);
        say(checker::render::report_text(
            report, again.is_by_messages ? replay_command(session_.program, *report.trace) : "",
            style_));
        reports_.push_back(report);
        if (again.is_by_messages) {
            say(by_messages_line(recording, again));
            return checker::exit_code(report.verdict);
        }
        const std::string difference = difference_to(recording, *report.trace);
        say(verdict_line(recording, report, difference));
        if (report.verdict == Verdict::violated || difference.empty()) {
            return checker::exit_code(report.verdict);
        }
        return checker::exit_code(Verdict::incomplete);
    }

    /// Of a replay line all that is known is the choices.
    static Trace trace_of(const Recording& recording) {
        if (recording.trace() != nullptr) return *recording.trace();
        const ReplayLine& line = recording.line;
        Trace trace;
        trace.protocol = line.protocol;
        trace.mutant = line.mutant;
        trace.engine = line.engine;
        trace.scheduler = line.scheduler;
        trace.bounds = line.bounds;
        trace.choices = line.choices;
        trace.seed = 1;
        return trace;
    }

    /// Real threads cannot be told what to do, and a page is looked at as a whole: if the model has
    /// no such run, all that is left is to draw what was seen.
    int show_recorded(const Recording& recording) {
        const std::string& engine = recording.line.engine;
        if (recording.report) {
            say(chart(*recording.trace(), style_));
            reports_.push_back(*recording.report);
        }
        say(engine == checker::page_engine
                ? "  replayed  no: a page is checked as a whole, by check and its file\n"
                : fmt::format("  replayed  no: engine {} has no choices to repeat\n", engine));
        return checker::exit_code(Verdict::incomplete);
    }

    std::string by_messages_line(const Recording& recording,
                                 const checker::Reproduction& again) const {
        const std::string why =
            again.diverged
                ? "its choices do not fit any more, " + difference_to(recording, *again.diverged)
                : fmt::format("engine {} has no choices to repeat", recording.line.engine);
        return fmt::format("  replayed  by its messages: {}\n", why);
    }

    std::string difference_to(const Recording& recording, const Trace& now) const {
        if (const Trace* const trace = recording.trace()) {
            const auto page = find_protocol(session_.catalog, now.protocol).page;
            return checker::render::difference(*trace, now, page == nullptr ? nullptr : &page());
        }
        return checker::render::difference(recording.line.choices, now.choices);
    }

    static std::string verdict_line(const Recording& recording, const Report& report,
                                    const std::string& difference) {
        if (!difference.empty()) {
            return fmt::format("  replayed  the code has changed, {}\n", difference);
        }
        if (report.verdict != Verdict::violated) return "  replayed  nothing is violated\n";
        return recording.report ? "  replayed  the same, event for event\n"
                                : "  replayed  the choices fit\n";
    }

    const Session& session_;
    std::vector<Recording> recordings_;
    Documents documents_;
    checker::render::ChartStyle style_;
    std::vector<Report> reports_;  ///< of what was shown
};

}  // namespace

void add_replay(Parser app, const Session& session, Action& action) {
    const Parser command = app.add_subcommand("replay", "show a failing run again");
    const auto request = std::make_shared<ReplayRequest>();
    command
        .add_option("RUN", request->run, "a file of check --json, or the line that a check prints")
        .required();
    command.add_flag("--full", request->is_full, "a chart with every event");
    add_document_options(command, request->documents);
    command.footer(
        "Examples:\n"
        "  parley replay trace.json\n"
        "  parley replay trace.json --html trace.html --mermaid trace.mmd\n"
        "  parley replay cancelable_one_shot+both_outcomes/explore/capacity=2,rounds=4/2:01101\n"
        "\n"
        "Exit code: 1 the property is violated again, 0 it is not, 2 bad input,\n"
        "3 the code has changed so that the run says nothing.");
    command.callback([&action, &session, request] {
        action = [&session, request] { return ReplayRun(*request, session).run(); };
    });
}

}  // namespace parley::cli
