#include "parley/checker/cli/check_request.hpp"

#include "parley/checker/cli/check_page.hpp"
#include "parley/checker/cli/corpus.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/progress_line.hpp"
#include "parley/checker/cli/scale_options.hpp"
#include "parley/checker/cli/schedulers.hpp"
#include "parley/checker/cli/stress_engine.hpp"
#include "parley/checker/liveness.hpp"
#include "parley/checker/nearest.hpp"
#include "parley/checker/render/coverage_text.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/reproduce.hpp"
#include "parley/checker/shrink.hpp"
#include "parley/checker/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>

namespace parley::cli {

namespace {

using checker::CheckOptions;
using checker::Report;
using checker::Verdict;

bool is_good(const Report& report) {
    return report.verdict == Verdict::verified || report.verdict == Verdict::passed;
}

/// All jobs of one command, one after another.
class CheckRun {
 public:
    CheckRun(const CheckRequest& request, const Session& session)
        : request_(request),
          session_(session),
          jobs_(select_jobs(select_protocols(session.catalog, request.protocols),
                            select_engines(session.catalog, engines_of(request)), request.mutant)),
          schedulers_(request.options.scheduler, request.is_random, request.is_pct, jobs_),
          documents_(request.documents, session.program),
          corpus_(request.corpus),
          progress_(session.terminal.has_progress) {
        options_ = request.options;
        options_.bounds = select_bounds(protocols_of(jobs_), request.settings);
        check_tsan_options_for(engines_of(jobs_));
        read_suppressions();
        if (!request.transport.empty()) {
            const auto [name, faults] = select_transport(request.transport);
            if (!name.empty()) options_.bounds[name] = faults;
        }
        check_transport();
        check_queue();
        require_scale_options(request, jobs_, schedulers_);
        if (request.checkpoint_seconds) options_.checkpoint_seconds = *request.checkpoint_seconds;
        static_cast<void>(checker::fairness_named(options_.fairness));
        if (is_plain_search()) jobs_ = with_tolerated_transports(jobs_);
        options_.stop = session.stop;
        options_.progress = [this](double done, double rate) { progress_.show(done, rate); };
        style_.colour = session.terminal.has_colour;
        style_.full = request.is_full;
    }

    int run() {
        run_known_failures();
        for (const Job& job : jobs_) {
            if (options_.is_stopped()) break;
            if (!reports_.empty() && job.protocol != jobs_[reports_.size() - 1].protocol) settle();
            run_job(job);
        }
        settle();
        progress_.clear();
        if (request_.has_coverage) say(coverage());
        if (jobs_.size() > 1) {
            say(checker::render::result_table(reports_, {style_.colour, style_.columns}));
            if (request_.has_outcomes) say(outcomes());
        }
        say(session_.tsan->summary());
        if (options_.is_stopped()) {
            say(fmt::format("interrupted: {} of {} checks were begun\n", reports_.size(),
                            jobs_.size()));
        }
        keep_failures();
        std::vector<Report> all = std::move(known_);
        std::vector<std::string> commands(all.size());
        std::ranges::move(replay_commands(), std::back_inserter(commands));
        std::ranges::move(reports_, std::back_inserter(all));
        documents_.write(all, std::move(commands));
        return checker::exit_code(all, options_.is_stopped());
    }

 private:
    /// Only explore has other transports than real queues, and only rc11 two kinds of them.
    static std::vector<std::string> engines_of(const CheckRequest& request) {
        if (request.engines.empty() && !request.transport.empty()) return {"explore"};
        if (request.engines.empty() && !request.queue.empty()) return {"rc11"};
        return request.engines;
    }

    auto count_transports() const {
        return std::ranges::count_if(checker::transport_names, [&](std::string_view name) {
            const auto found = options_.bounds.find(std::string{name});
            return found != options_.bounds.end() && found->second > 0;
        });
    }

    /// Whether the user has left it to the pages over what and how to search.
    bool is_plain_search() const {
        return request_.transport.empty() && count_transports() == 0 &&
               options_.checkpoint.empty() &&
               (schedulers_.of("explore").empty() || schedulers_.of("explore") == "exhaustive") &&
               options_.fairness == checker::CheckOptions{}.fairness;
    }

    void check_transport() const {
        const auto count = count_transports();
        if (count > 1) throw checker::InputError("a check has one transport");
        const auto is_explore = [](const Job& job) { return job.engine == "explore"; };
        if (count == 1 && !std::ranges::all_of(jobs_, is_explore)) {
            throw checker::InputError("a transport needs --engine explore");
        }
    }

    void check_queue() const {
        if (request_.queue.empty()) return;
        const std::vector<std::string_view> known{"real", "channel"};
        if (std::ranges::find(known, request_.queue) == known.end()) {
            throw checker::InputError(checker::unknown_name("queue", request_.queue, known));
        }
        if (std::ranges::find(jobs_, "rc11", &Job::engine) == jobs_.end()) {
            throw checker::InputError("a queue needs --engine rc11");
        }
    }

    void read_suppressions() const {
        if (request_.suppressions.empty()) return;
        const auto is_heard = [](const Job& job) {
            return job.engine == "tsan" || job.engine == "fibers";
        };
        if (std::ranges::none_of(jobs_, is_heard)) {
            throw checker::InputError("--suppressions needs --engine tsan or fibers");
        }
        session_.tsan->read_suppressions(request_.suppressions);
    }

    static Engines engines_of(const std::vector<Job>& jobs) {
        Engines engines;
        for (const Job& job : jobs) engines.push_back(job.engine);
        return engines;
    }

    static Protocols protocols_of(const std::vector<Job>& jobs) {
        Protocols protocols;
        for (const Job& job : jobs) {
            if (protocols.empty() || protocols.back() != job.protocol) {
                protocols.push_back(job.protocol);
            }
        }
        return protocols;
    }

    /// What the corpus has of the protocols and the variant that are checked.
    void run_known_failures() {
        for (const KnownFailure& known : corpus_.failures()) {
            if (options_.is_stopped()) return;
            const auto is_of = [&](const Job& job) {
                return job.protocol->name == known.report.protocol &&
                       job.variant->mutant.name == known.report.mutant;
            };
            if (!std::ranges::any_of(jobs_, is_of)) continue;
            const checker::Reproduction again =
                checker::reproduce(session_.catalog, *known.report.trace, options_.stop);
            const bool is_violated = again.report.verdict == Verdict::violated;
            say(fmt::format("known: {}: {}\n", known.file,
                            is_violated ? "it fails again" : "it does not fail any more"));
            if (!is_violated) continue;
            say(checker::render::report_text(
                    again.report, cli::replay_command(session_.program, *again.report.trace),
                    style_) +
                "\n");
            known_.push_back(again.report);
        }
    }

    /// A corpus is for finding a bug again, not for every way to it: what breaks the same property
    /// of the same protocol as a known failure that still fails is not kept.
    void keep_failures() const {
        for (const Report& report : reports_) {
            const auto is_same_bug = [&](const Report& known) {
                return report.trace && known.protocol == report.protocol &&
                       known.mutant == report.mutant &&
                       known.trace->violation.property == report.trace->violation.property;
            };
            if (std::ranges::any_of(known_, is_same_bug)) continue;
            const std::string kept = corpus_.keep(report);
            if (!kept.empty()) say(fmt::format("kept in the corpus: {}\n", kept));
        }
    }

    void run_job(const Job& job) {
        CheckOptions options = options_;
        options.seconds = request_.seconds.value_or(default_seconds(job.engine));
        options.scheduler = scheduler_of(job);
        for (const auto& [name, value] : job.transport) options.bounds[name] = value;
        progress_.start(fmt::format("[{}/{}] {} {}", reports_.size() + 1, jobs_.size(),
                                    job.protocol->name, job.engine));
        Report report = job.variant->runner.check(options);
        std::string shrunk;
        if (report.verdict == Verdict::violated) shrunk = shrink_run(job, options, report);
        reports_.push_back(std::move(report));
        if (!is_to_settle(reports_.back())) say_report(reports_.size() - 1, shrunk);
    }

    /// What else there is to say of how an engine runs: rc11 has its queue here, and fibers, which
    /// shrink what they find in the process that has found it, whether they should.
    std::string scheduler_of(const Job& job) const {
        if (job.engine == "rc11") return request_.queue;
        if (job.engine == "fibers") return request_.is_shrinking ? "" : std::string{as_found};
        return schedulers_.of(job.engine);
    }

    /// Whether other engines have a say in the verdict.
    static bool is_to_settle(const Report& report) {
        return report.verdict == Verdict::passed && report.coverage;
    }

    /// The checks of one protocol have all been run.
    void settle() {
        std::vector<std::size_t> settled;
        for (std::size_t i = settled_; i < reports_.size(); ++i) {
            if (is_to_settle(reports_[i])) settled.push_back(i);
        }
        checker::settle_coverage(std::span{reports_}.subspan(settled_));
        for (const std::size_t i : settled) say_report(i, "");
        settled_ = reports_.size();
    }

    void say_report(std::size_t index, const std::string& shrunk) {
        const Report& report = reports_[index];
        progress_.clear();
        if (is_good(report) && jobs_.size() > 1) return;
        const bool has_more = jobs_.size() > 1;
        say(checker::render::report_text(report, replay_command(jobs_[index], report), style_) +
            shrunk + (has_more ? "\n" : ""));
    }

    /// Of each protocol: what its checks have reached of its page.
    std::string coverage() const {
        std::string text;
        for (std::size_t i = 0; i < reports_.size();) {
            std::size_t end = i;
            const auto* protocol = jobs_[i].protocol;
            while (end < reports_.size() && jobs_[end].protocol == protocol) ++end;
            const auto reports = std::span{reports_}.subspan(i, end - i);
            i = end;
            if (protocol->page == nullptr) continue;
            text += "\n" +
                    checker::render::coverage_text(protocol->page(), reports,
                                                   {style_.colour, style_.columns}) +
                    "\n" + checker::render::coverage_diagrams(protocol->page(), reports);
        }
        return text.empty() ? "no coverage: there is no page\n" : text + "\n";
    }

    /// Puts a smaller failing run into `report`, if there is one, and says so.
    std::string shrink_run(const Job& job, const CheckOptions& options, Report& report) const {
        const auto& replay = job.variant->runner.replay;
        const bool is_done = report.engine == "fibers";
        if (!request_.is_shrinking || is_done || !replay || !report.trace) return "";
        const checker::ShrinkLimits limits{.stop = options.stop};
        const checker::Shrunk shrunk = checker::shrink(
            report, [&](const checker::Choices& choices) { return replay(options, choices); },
            limits);
        if (!shrunk.is_reproduced) return "  shrunk    no: the run did not fail again\n";
        report.trace = shrunk.report.trace;
        return fmt::format("  shrunk    from {} to {} events in {} run{}\n", shrunk.events_from,
                           shrunk.events_to, shrunk.runs, shrunk.runs == 1 ? "" : "s");
    }

    /// The command that shows the failing run again.
    std::string replay_command(const Job& job, const Report& report) const {
        if (report.verdict != Verdict::violated || !report.trace) return "";
        // A run on fibers that crashed has not lived to say what it chose.
        const bool has_run = !report.trace->choices.empty() || !report.trace->events.empty();
        if (job.variant->runner.replay && has_run) {
            return cli::replay_command(session_.program, *report.trace);
        }
        std::string command = fmt::format("{} check {} --engine {}", session_.program,
                                          report.protocol, report.engine);
        if (!report.mutant.empty()) command += " --mutant " + report.mutant;
        for (const auto& [name, value] : report.bounds) {
            command += fmt::format(" --set {}={}", name, value);
        }
        return fmt::format("{} --seed {}", command, report.seed);
    }

    std::vector<std::string> replay_commands() const {
        std::vector<std::string> commands;
        for (std::size_t i = 0; i < reports_.size(); ++i) {
            commands.push_back(replay_command(jobs_[i], reports_[i]));
        }
        return commands;
    }

    std::string outcomes() const {
        std::string text;
        for (const Report& report : reports_) {
            if (report.outcomes.empty()) continue;
            text +=
                fmt::format("\n{}, outcomes with {}\n{}",
                            checker::render::subject(report.protocol, report.mutant), report.engine,
                            checker::render::outcome_table(report.outcomes, style_.columns));
        }
        return text;
    }

    const CheckRequest& request_;
    const Session& session_;
    std::vector<Job> jobs_;
    Schedulers schedulers_;
    Documents documents_;
    Corpus corpus_;
    ProgressLine progress_;
    CheckOptions options_;
    checker::render::ChartStyle style_;
    std::vector<Report> known_;    ///< of known failures that fail again
    std::vector<Report> reports_;  ///< of the first jobs
    std::size_t settled_ = 0;      ///< how many of them are final
};

}  // namespace

int run_check(const CheckRequest& request, const Session& session) {
    if (std::ranges::any_of(request.protocols, is_page_path)) {
        return run_page_check(request, session);
    }
    return CheckRun(request, session).run();
}

}  // namespace parley::cli
