#include "parley/checker/cli/check_request.hpp"

#include "parley/checker/bound_check.hpp"
#include "parley/checker/cli/check_page.hpp"
#include "parley/checker/cli/corpus.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/progress_line.hpp"
#include "parley/checker/cli/repeat.hpp"
#include "parley/checker/cli/scale_options.hpp"
#include "parley/checker/cli/schedulers.hpp"
#include "parley/checker/cli/stress_engine.hpp"
#include "parley/checker/cli/task.hpp"
#include "parley/checker/cli/used_options.hpp"
#include "parley/checker/liveness.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/nearest.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/render/coverage_text.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/reproduce.hpp"
#include "parley/checker/require.hpp"
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

/// All tasks of one command: one after the other, each for as long as its engine takes; or, with a
/// budget of time, in slices.
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
        // With a time for all engines each gets to look in all its ways.
        if (!request.seconds || !is_for_all_engines())
            require_used_options(request, jobs_, schedulers_);
        if (request.checkpoint_seconds) options_.checkpoint_seconds = *request.checkpoint_seconds;
        static_cast<void>(checker::fairness_named(options_.fairness));
        if (is_plain_search()) jobs_ = with_tolerated_transports(jobs_);
        options_.stop = session.stop;
        options_.progress = [this](double done, double rate) { show_progress(done, rate); };
        tasks_ = tasks_of(jobs_, schedulers_, request.queue);
        if (request.seconds && is_for_all_engines()) tasks_ = with_portfolio(std::move(tasks_));
        style_.colour = session.terminal.has_colour;
        style_.full = request.is_full;
    }

    int run() {
        run_known_failures();
        if (request_.seconds) run_rounds(*request_.seconds);
        for (Task& task : tasks_) {
            if (!request_.seconds && !options_.is_stopped()) {
                run(task, default_seconds(task.job.engine));
            }
            conclude(task);
        }
        settle();
        progress_.clear();
        if (request_.has_coverage) say(coverage());
        std::vector<Report> all = known_;
        all.insert(all.end(), reports_.begin(), reports_.end());
        if (tasks_.size() > 1 || all.size() > 1) {
            say(checker::render::result_table(all, {style_.colour, style_.columns}));
            if (request_.has_outcomes) say(outcomes());
        }
        say(session_.tsan->summary());
        if (options_.is_stopped()) {
            const auto is_wanted = [](const Task& task) {
                return task.report || task.progress.state == TaskState::open;
            };
            say(fmt::format("interrupted: {} of {} checks were begun\n", reports_.size(),
                            std::ranges::count_if(tasks_, is_wanted)));
        }
        keep_failures();
        std::vector<std::string> commands(known_.size());
        std::ranges::move(replay_commands(), std::back_inserter(commands));
        documents_.write(all, std::move(commands));
        const int code = checker::exit_code(all, options_.is_stopped());
        const bool has_found = code == checker::exit_code(Verdict::violated);
        if (!error_.empty() && !has_found) throw checker::InternalError(error_);
        return code;
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

    /// Whether the user has left it to us how to look.
    bool is_for_all_engines() const {
        return engines_of(request_).empty() && request_.options.scheduler.empty() &&
               !request_.is_random && !request_.is_pct;
    }

    void check_transport() const {
        const auto count = count_transports();
        if (count > 1) throw checker::InputError("a check has one transport");
        const auto is_explore = [](const Job& job) { return job.engine == "explore"; };
        if (count == 1 && !std::ranges::all_of(jobs_, is_explore)) {
            throw checker::InputError("a transport needs --engine explore");
        }
    }

    void check_queue() {
        if (request_.queue.empty()) return;
        const std::vector<std::string_view> known{"real", "channel"};
        if (std::ranges::find(known, request_.queue) == known.end()) {
            throw checker::InputError(checker::unknown_name("queue", request_.queue, known));
        }
        if (std::ranges::find(jobs_, "rc11", &Job::engine) == jobs_.end()) {
            throw checker::InputError("a queue needs --engine rc11");
        }
        if (request_.queue == "real") return;
        const auto is_queue = [](const Job& job) { return job.protocol->is_queue; };
        const bool is_left_out = std::erase_if(jobs_, is_queue) != 0;
        if (is_left_out && (jobs_.empty() || !request_.protocols.empty())) {
            throw checker::InputError(
                "the queue itself is checked against the channel: leave out --queue channel");
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

    bool is_out_of_time() const {
        return request_.seconds && stopwatch_.seconds() >= *request_.seconds;
    }

    /// What the corpus has of the protocols and the variant that are checked.
    void run_known_failures() {
        for (const KnownFailure& known : corpus_.failures()) {
            if (options_.is_stopped()) return;
            const auto is_of = [&](const Job& job) {
                return job.protocol->name == known.report.protocol &&
                       job.variant->mutant.name == known.report.mutant;
            };
            if (std::ranges::any_of(jobs_, is_of)) run_known_failure(known);
        }
    }

    void run_known_failure(const KnownFailure& known) {
        const std::string why = fmt::format("known from {}", known.file);
        if (is_out_of_time()) {
            Report report = known.report;
            report.verdict = Verdict::incomplete;
            report.reason = "no time was left for what is " + why;
            report.trace.reset();
            explain(report);
            known_.push_back(std::move(report));
            return;
        }
        Report again =
            checker::reproduce(session_.catalog, *known.report.trace, options_.stop).report;
        const bool is_violated = again.verdict == Verdict::violated;
        say(fmt::format("known: {}: {}\n", known.file,
                        is_violated   ? "it fails again"
                        : again.trace ? "it does not fail any more"
                                      : "real threads cannot be told to do it again"));
        if (!is_violated) return;
        again.reason = why;
        say(checker::render::report_text(again, cli::replay_command(session_.program, *again.trace),
                                         style_) +
            "\n");
        known_.push_back(std::move(again));
    }

    /// Divides the time among the tasks.
    void run_rounds(double seconds) {
        TimePlan plan(seconds);
        std::vector<TaskProgress> progress;
        for (const Task& task : tasks_) progress.push_back(task.progress);
        while (!options_.is_stopped()) {
            const auto slice = plan.next(progress, stopwatch_.seconds());
            if (!slice) return;
            run(tasks_[slice->task], slice->seconds);
            wake(slice->task);
            for (std::size_t i = 0; i < tasks_.size(); ++i) progress[i] = tasks_[i].progress;
        }
    }

    /// What waits for a search goes to work when it has not come to its end, and is not needed when
    /// it has.
    void wake(std::size_t search) {
        const Verdict verdict = tasks_[search].report->verdict;
        const bool is_decided = verdict == Verdict::verified || verdict == Verdict::violated;
        for (Task& task : tasks_) {
            if (task.waits_for != search) continue;
            if (is_decided) task.progress.state = TaskState::closed;
            // A search that has come to its end has seen all that these runs have.
            const bool is_needless = verdict == Verdict::verified && task.report &&
                                     task.report->verdict != Verdict::violated;
            if (is_needless) task.report.reset();
            if (!is_decided && task.progress.state == TaskState::waiting) {
                task.progress.state = TaskState::open;
            }
        }
    }

    /// A corpus is for finding a bug again, not for every way to it: what breaks the same property
    /// of the same protocol as a known failure that still fails is not kept.
    void keep_failures() const {
        for (const Report& report : reports_) {
            if (!is_repeatable(report)) continue;
            const auto is_same_bug = [&](const Report& known) {
                return known.trace && known.protocol == report.protocol &&
                       known.mutant == report.mutant &&
                       known.trace->violation.property == report.trace->violation.property;
            };
            if (std::ranges::any_of(known_, is_same_bug)) continue;
            const std::string kept = corpus_.keep(report);
            if (!kept.empty()) say(fmt::format("kept in the corpus: {}\n", kept));
        }
    }

    void run(Task& task, double seconds) {
        progress_.start(label(task));
        try {
            run_slice(task, options_, seconds, request_.seconds.has_value(), request_.is_shrinking);
        } catch (const checker::InternalError& error) {
            // What other engines find is not lost.
            if (error_.empty()) error_ = error.what();
            task.report = report_without_result(task, options_, "internal error");
            task.progress.state = TaskState::closed;
        }
        name_program(*task.report);
        if (task.report->verdict == Verdict::violated) say_report(*task.report, task.job);
    }

    /// As it is called here, which engines do not know.
    void name_program(Report& report) const {
        constexpr std::string_view command = "parley replay ";
        if (session_.program == "parley" || !report.lifted.starts_with(command)) return;
        report.lifted =
            fmt::format("{} replay {}", session_.program, report.lifted.substr(command.size()));
    }

    /// With a budget, of the whole check.
    void show_progress(double done, double rate) {
        if (!request_.seconds) return progress_.show(done, rate);
        const double elapsed_s = stopwatch_.seconds();
        const double left_s = std::max(0.0, *request_.seconds - elapsed_s);
        progress_.show(elapsed_s / *request_.seconds, rate, left_s);
    }

    /// What the line of progress begins with.
    std::string label(const Task& task) const {
        const auto number = 1 + (&task - tasks_.data());
        std::string text = fmt::format("[{}/{}] {} {}", number, tasks_.size(),
                                       task.job.protocol->name, task.job.engine);
        if (!task.report || !task.report->coverage) return text;
        const checker::Promises promises = checker::promises_of(*task.report->coverage);
        return text + fmt::format(", {} of {} promises", promises.reached, promises.count());
    }

    /// A task has had all the time that it gets.
    void conclude(Task& task) {
        const bool was_skipped = task.progress.state == TaskState::open && !options_.is_stopped();
        if (!task.report && !was_skipped) return;
        if (!reported_.empty() && task.job.protocol != reported_.back()->job.protocol) settle();
        reports_.push_back(task.report
                               ? *task.report
                               : report_without_result(task, options_, "no time was left for it"));
        reported_.push_back(&task);
        Report& report = reports_.back();
        if (!is_to_settle(report) && report.verdict != Verdict::violated) {
            say_report(report, task.job);
        }
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
        for (const std::size_t i : settled) say_report(reports_[i], reported_[i]->job);
        settled_ = reports_.size();
    }

    /// What is good news is said in the table, if there is one.
    void say_report(const Report& report, const Job& job) {
        progress_.clear();
        const bool has_table = tasks_.size() > 1 || !known_.empty();
        if (is_good(report) && has_table) return;
        say(checker::render::report_text(report, replay_command(job, report), style_) +
            (has_table ? "\n" : ""));
    }

    /// Of each protocol: what its checks have reached of its page.
    std::string coverage() const {
        std::string text;
        for (std::size_t i = 0; i < reports_.size();) {
            std::size_t end = i;
            const auto* protocol = reported_[i]->job.protocol;
            while (end < reports_.size() && reported_[end]->job.protocol == protocol) ++end;
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

    /// The command that shows the failing run again.
    std::string replay_command(const Job& job, const Report& report) const {
        if (report.verdict != Verdict::violated || !report.trace) return "";
        if (job.variant->runner.replay && is_repeatable(report)) {
            return cli::replay_command(session_.program, *report.trace);
        }
        std::string command = fmt::format("{} check {} --engine {}", session_.program,
                                          report.protocol, report.engine);
        if (!report.mutant.empty()) command += " --mutant " + report.mutant;
        for (const auto& [name, value] : report.bounds) {
            const bool is_bound = checker::find_bound(*job.protocol, name) != nullptr;
            const std::string faults = name == "reordering" ? "" : fmt::format(":{}", value);
            command += is_bound ? fmt::format(" --set {}={}", name, value)
                                : fmt::format(" --transport {}{}", name, faults);
        }
        return fmt::format("{} --seed {}", command, report.seed);
    }

    std::vector<std::string> replay_commands() const {
        std::vector<std::string> commands;
        for (std::size_t i = 0; i < reports_.size(); ++i) {
            commands.push_back(replay_command(reported_[i]->job, reports_[i]));
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
    std::vector<Task> tasks_;
    checker::Stopwatch stopwatch_;
    Documents documents_;
    Corpus corpus_;
    ProgressLine progress_;
    CheckOptions options_;
    checker::render::ChartStyle style_;
    std::string error_;                  ///< the first one of the toolkit itself
    std::vector<Report> known_;          ///< of known failures that fail again, or were not run
    std::vector<Report> reports_;        ///< of tasks
    std::vector<const Task*> reported_;  ///< these
    std::size_t settled_ = 0;            ///< how many of them are final
};

}  // namespace

int run_check(const CheckRequest& request, const Session& session) {
    if (std::ranges::any_of(request.protocols, is_page_path)) {
        return run_page_check(request, session);
    }
    return CheckRun(request, session).run();
}

}  // namespace parley::cli
