#include "parley/checker/rc11/protocol/runner.hpp"

#include "parley/checker/checkpoint.hpp"
#include "parley/checker/guard.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/merge.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/rc11/division.hpp"
#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/kept_units.hpp"
#include "parley/checker/rc11/merging.hpp"
#include "parley/checker/rc11/protocol/unit_findings.hpp"
#include "parley/checker/rc11/run_once.hpp"
#include "parley/checker/rc11/workers.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/shrink.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::rc11 {

namespace {

using checker::Campaign;
using checker::CheckOptions;
using checker::Choices;
using checker::Report;
using checker::Subject;
using checker::Verdict;
using checker::Violation;
namespace property = specs::model::property;

/// How a program's last run failed; without a property: it did not.
Violation violation_of(const JudgedProgram& program, const Campaign& campaign,
                       checker::GuardedEnd end, const checker::Guard& guard) {
    if (end == checker::GuardedEnd::crashed) {
        return {std::string{property::crash}, "no role crashes", std::string{guard.signal_name()}};
    }
    if (end == checker::GuardedEnd::hung) {
        return {std::string{property::hang}, "no role stays in a step for ever",
                std::string{guard.signal_name()}};
    }
    if (!program.failure()) return {};
    return campaign.violation ? *campaign.violation : *program.failure();
}

/// A run that can be run again: on its own, by its choices.
struct Recording {
    Choices choices;
    Violation violation;
    std::vector<checker::Event> events;
    std::vector<checker::RaceEnd> race;
};

using Stop = std::function<bool()>;
using MakeGuide = std::function<std::unique_ptr<Guide>()>;

class Check {
 public:
    Check(const Engine& engine, const CheckOptions& check, OrderWatch* orders = nullptr)
        : engine_(engine), check_(check), orders_(orders), subject_(engine.describe(check)) {
        report_ = checker::begin_report(subject_, engine.name, check);
        if (engine.has_channels) report_.scheduler = has_channels(check) ? "channel" : "real";
    }

    /// Looks at every execution, or at as many as there are to the first failure.
    Report search() {
        const checker::Stopwatch stopwatch;
        Campaign campaign = new_campaign();
        const bool is_divided = check_.shards > 1 || !check_.checkpoint.empty();
        find_out_whether_it_merges();
        if (merges_ && !is_divided) {
            executions_max_ = check_.executions_max;
            look(campaign, nullptr, [] { return false; });
        } else if (is_divided || !search_alone(campaign)) {
            search_shared(campaign);
        }
        count(campaign);
        if (check_.shards > 1) report_.parts = {part_of_campaign(check_)};
        report_.seconds = stopwatch.seconds();
        conclude(campaign);
        report_.coverage = std::move(campaign.coverage);
        if (failure_) {
            Recording recording = record(
                [&] { return std::make_unique<GraphGuide>(failure_->graph, failure_->order); });
            checker::require(recording.violation.property == failure_->violation.property,
                             "an execution that has failed fails again");
            keep(std::move(recording));
        }
        checker::explain(report_);
        return std::move(report_);
    }

    Report replay(const Choices& choices) {
        std::optional<checker::ReplayChooser> chooser;
        Recording recording =
            record([&] { return std::make_unique<ChoiceGuide>(chooser.emplace(choices)); });
        const bool is_violated = !recording.violation.property.empty();
        report_.counts = {{"executions", 1}};
        report_.verdict = is_violated ? Verdict::violated : Verdict::passed;
        keep(std::move(recording));
        checker::explain(report_);
        return std::move(report_);
    }

 private:
    /// The first execution that fails.
    struct Failure {
        Violation violation;
        Graph graph;
        std::vector<ThreadId> order;
    };

    std::unique_ptr<JudgedProgram> make(Campaign& campaign, checker::MemoryLog* log) const {
        return engine_.make_program(check_, campaign, log, orders_);
    }

    Campaign new_campaign() const {
        Campaign campaign;
        campaign.coverage = checker::coverage_of(subject_, !has_channels(check_));
        return campaign;
    }

    /// In this process. False: it has become long enough for several, and nothing is known yet.
    bool search_alone(Campaign& campaign) {
        const bool may_share =
            orders_ == nullptr && check_.executions_max == UINT64_MAX && processes() > 1;
        if (may_share && check_.threads > 1) return false;
        executions_max_ = may_share ? alone_max : check_.executions_max;
        look(campaign, nullptr, [] { return false; });
        if (!may_share || failure_ || executions_ < alone_max || check_.is_stopped()) return true;
        start_over(campaign);
        return false;
    }

    /// It does where the program has states, and its first run does nothing that cannot be merged.
    void find_out_whether_it_merges() {
        Campaign ignored = new_campaign();
        const Stop at_once = [] { return true; };
        inspect(ignored, at_once, [&](JudgedProgram& program) {
            merges_ = program.has_states();
            return merges_ ? merge_all(program, ignored, nullptr, at_once) : std::string{};
        });
        start_over(ignored);
    }

    unsigned processes() const {
        return check_.threads != 0 ? check_.threads : processes_default();
    }

    /// Looks at the executions of `units`, all of them or those up to the first failure.
    WorkerEnd look(Campaign& campaign, Units* units, const Stop& stop) {
        return inspect(campaign, stop, [&](JudgedProgram& program) {
            return merges_ ? merge_all(program, campaign, units, stop)
                           : explore_all(program, campaign, units, stop);
        });
    }

    /// As `explore_with` does, which says why it ended early.
    WorkerEnd inspect(Campaign& campaign, const Stop& stop,
                      const std::function<std::string(JudgedProgram&)>& explore_with) {
        const auto program = make(campaign, nullptr);
        checker::Guard guard;
        const auto end = guard.run([&] {
            try {
                limit_ = explore_with(*program);
                if (program->has_spun()) {
                    limit_ = "a party takes one step after another that changes nothing";
                }
            } catch (const checker::LimitReached& reached) {
                limit_ = reached.limit;
            }
        });
        if (end != checker::GuardedEnd::returned) program->leave_behind();
        const Violation found = violation_of(*program, campaign, end, guard);
        if (!found.property.empty()) {
            failure_ = {found, program->failed_graph(), program->order()};
            return WorkerEnd::stopped;
        }
        if (check_.is_stopped() || stop()) return WorkerEnd::interrupted;
        return limit_.empty() ? WorkerEnd::done : WorkerEnd::stopped;
    }

    bool must_end(const JudgedProgram& program, const Stop& stop) const {
        return program.failure().has_value() || program.has_spun() || program.must_start_over() ||
               check_.is_stopped() || stop();
    }

    std::string explore_all(JudgedProgram& program, Campaign& campaign, Units* units,
                            const Stop& stop) {
        std::atomic<bool> must_stop = false;
        checker::Progress progress(check_, 0);
        ExploreOptions options;
        options.executions_max = executions_max_;
        options.events_max = check_.steps_max;
        options.stop = &must_stop;
        options.units = units;
        options.units_level = units_level_;
        options.on_end = [&](const Graph&, Ending) {
            ++executions_;
            if (units == nullptr) progress.tick(executions_);
            must_stop = must_end(program, stop);
        };
        std::string limit = explore(program, options).limit;
        while (program.must_start_over()) {
            put_back(campaign, nothing());
            must_stop = false;
            limit = explore(program, options).limit;
        }
        return limit;
    }

    /// The same, of a program whose states can be merged.
    std::string merge_all(JudgedProgram& program, Campaign& campaign, Units* units,
                          const Stop& stop) {
        checker::Progress progress(check_, 0);
        program.keep_states();
        MergeOptions options;
        options.executions_max = executions_max_;
        options.events_max = check_.steps_max;
        options.writes_max = has_channels(check_) ? 1 : SIZE_MAX;
        options.units = units;
        options.units_level = units_level_;
        options.must_stop = [&, runs = 0U]() mutable {
            if (units == nullptr) progress.tick(++runs);
            return must_end(program, stop);
        };
        options.write_state = [&](StateBytes& to) { return program.write_state(to); };
        // The end of an execution is counted where those are that follow from a state.
        options.on_end = [&](const Graph&) {
            return std::exchange(campaign.ends, merged_ends_) != merged_ends_;
        };
        options.on_found = [&](const Tally& found) {
            campaign.ends = merged_ends_ = saturated_sum(merged_ends_, found.complete);
            executions_ = saturated_sum(executions_, found.sum());
        };
        MergeResult result = explore_merging(program, options);
        while (program.must_start_over()) {
            put_back(campaign, nothing());
            result = explore_merging(program, options);
        }
        if (result.is_refused) {
            merges_ = false;
            return "it does what cannot be merged";
        }
        if (units == nullptr) merged_ = result;
        return result.limit;
    }

    void divide() {
        units_level_ = find_units_level([&](Units& units, std::uint32_t level) {
            units_level_ = level;
            Campaign ignored = new_campaign();
            const WorkerEnd end = look(ignored, &units, [] { return false; });
            start_over(ignored);
            return end == WorkerEnd::done;
        });
    }

    /// Shares the search among processes, and leaves in `campaign` what one alone would have found:
    /// all that comes before whatever ends it.
    void search_shared(Campaign& campaign) {
        checker::Checkpoint checkpoint(subject_, check_);
        KeptUnits findings;
        const auto transfer = [&](auto& archive) { transfer_all(findings, archive); };
        checkpoint.read(transfer);
        executions_max_ = check_.executions_max;
        divide();
        checker::Progress progress(check_, 0);
        const SharedSearch shared{
            .processes = processes(),
            .is_stopped = [&] { return check_.is_stopped(); },
            .is_wanted =
                [&](std::uint64_t unit) { return is_ours(unit) && !findings.contains(unit); },
            .search = [&](Units& units, const Stop& stop) { return look(campaign, &units, stop); },
            .begin_unit = [&] { put_back(campaign, nothing()); },
            .end_unit = [&] { return findings_of(campaign).to_bytes(); },
            .take =
                [&](std::uint64_t unit, const UnitBytes& bytes) {
                    findings.emplace(unit, bytes);
                    progress.tick(findings.size());
                    if (checkpoint.is_due()) checkpoint.write(transfer);
                }};
        SharedEnd end = rc11::search_shared(shared);
        UnitFindings sum = nothing();
        for (const auto& [unit, bytes] : findings) {
            if (end.stopped_at && unit >= *end.stopped_at) break;
            UnitFindings more = sum;
            more.add(bytes);
            if (more.executions < check_.executions_max) {
                sum = std::move(more);
            } else {
                end.stopped_at = unit;
            }
        }
        put_back(campaign, sum);
        settle(end, findings.size(), campaign);
        failure_ || limit_.empty() ? checkpoint.remove() : checkpoint.write(transfer);
    }

    void settle(const SharedEnd& end, std::size_t found, Campaign& campaign) {
        if (end.lost) {
            limit_ = fmt::format("a worker process was ended by {} in part {} of the search",
                                 sigabbrev_np(end.lost->signal), end.lost->unit);
            has_crashed_ = end.lost->signal != SIGKILL && end.lost->signal != SIGTERM;
        } else if (end.stopped_at) {
            look_again(*end.stopped_at, campaign);
        } else if (end.is_interrupted) {
            limit_ = "interrupted";
        } else {
            std::uint64_t ours = 0;
            for (std::uint64_t unit = 0; unit < end.units; ++unit) ours += is_ours(unit) ? 1 : 0;
            checker::require(found == ours, "each part of a search has been looked at once");
        }
    }

    /// What has ended the search, in this process and by itself: nothing before it does. Of the
    /// executions that there may be it has what those before have left.
    void look_again(std::uint64_t unit, Campaign& campaign) {
        const UnitFindings before = findings_of(campaign);
        executions_max_ = check_.executions_max - before.executions;
        OneUnit only(unit, [&] { put_back(campaign, before); });
        const WorkerEnd end = look(campaign, &only, [] { return false; });
        checker::require(end == WorkerEnd::stopped, "what has ended a search ends it again");
        const bool is_full = executions_ >= check_.executions_max;
        if (is_full && !failure_) limit_ = fmt::format("{} executions", check_.executions_max);
    }

    bool is_ours(std::uint64_t unit) const {
        return is_in_shard(unit, check_.shard, check_.shards);
    }

    /// What has been looked at so far has only shown how to look.
    void start_over(Campaign& campaign) {
        campaign = new_campaign();
        executions_ = merged_ends_ = 0;
        merged_.reset();
        limit_.clear();
        failure_.reset();
    }

    UnitFindings nothing() const { return {.coverage = new_campaign().coverage}; }
    UnitFindings findings_of(const Campaign& campaign) const {
        return {executions_, campaign.ends, campaign.sent_kinds, campaign.coverage};
    }
    void put_back(Campaign& campaign, const UnitFindings& findings) {
        executions_ = findings.executions;
        campaign.ends = merged_ends_ = findings.ends;
        campaign.sent_kinds = findings.sent_kinds;
        campaign.coverage = findings.coverage;
    }

    void conclude(const Campaign& campaign) {
        const std::string missing = message_never_sent(subject_, campaign.sent_kinds);
        if (failure_ || has_crashed_) {
            report_.verdict = Verdict::violated;
        } else if (!limit_.empty()) {
            report_.verdict = Verdict::incomplete;
            report_.reason = check_.is_stopped() ? std::string{check_.stop_reason()} : limit_;
        } else if (check_.shards > 1) {
            // What this part has not reached another one may have.
            report_.verdict = Verdict::passed;
        } else if (campaign.ends == 0 || !missing.empty()) {
            report_.verdict = Verdict::vacuous;
            report_.reason = campaign.ends == 0 ? "no execution came to its end" : missing;
        } else {
            report_.verdict = Verdict::verified;
            require_promises(report_, campaign.coverage);
        }
    }

    void count(const Campaign& campaign) {
        const bool is_merged = merged_ && !failure_ && limit_.empty();
        if (is_merged) {
            report_.counts = {{"executions", merged_->found.complete},
                              {"blocked", merged_->found.blocked},
                              {"states", merged_->states}};
            return;
        }
        report_.counts = {{"executions", campaign.ends}};
        // Of more than can be counted nobody knows which they are.
        if (executions_ == UINT64_MAX) return;
        report_.counts.emplace_back("blocked", executions_ - std::min(executions_, campaign.ends));
    }

    /// Runs once more, as the guide says, and takes everything down.
    Recording record(const MakeGuide& make_guide) {
        checker::MemoryLog log;
        Campaign campaign;
        campaign.log = &log;
        const auto program = make(campaign, &log);
        Recording recording;
        do {
            checker::Recorder recorder;
            campaign.recorder = &recorder;
            campaign.logged = 0;
            OneRun run;
            checker::Guard guard;
            const std::unique_ptr<Guide> guide = make_guide();
            const auto end = guard.run([&] { run_once(*program, *guide, check_.steps_max, run); });
            if (end != checker::GuardedEnd::returned) program->leave_behind();
            campaign.take_down();
            recording = {std::move(run.choices),
                         violation_of(*program, campaign, end, guard),
                         recorder.events(),
                         {}};
            if (recording.violation.property == property::data_race) {
                recording.race = race_ends(log, campaign.names);
            }
            if (recording.race.empty()) recording.race = program->race();
        } while (program->must_start_over());
        return recording;
    }

    void keep(Recording recording) {
        checker::Trace trace = begin_trace(subject_, report_);
        trace.choices = std::move(recording.choices);
        trace.violation = std::move(recording.violation);
        trace.events = std::move(recording.events);
        trace.race = std::move(recording.race);
        report_.trace = std::move(trace);
    }

    const Engine& engine_;
    const CheckOptions& check_;
    OrderWatch* orders_;
    Subject subject_;
    Report report_;
    std::uint64_t executions_ = 0;
    std::uint64_t executions_max_ = UINT64_MAX;
    std::uint32_t units_level_ = 0;
    bool merges_ = false;
    std::uint64_t merged_ends_ = 0;  ///< of the executions that have been merged so far
    std::optional<MergeResult> merged_;
    std::string limit_;
    bool has_crashed_ = false;
    std::optional<Failure> failure_;
};

}  // namespace

bool has_channels(const CheckOptions& check) {
    if (check.scheduler == "channel") return true;
    if (check.scheduler.empty() || check.scheduler == "real") return false;
    throw checker::InputError(fmt::format("rc11 has no queue {}", check.scheduler));
}

checker::Runner runner_of(const Engine& engine) {
    checker::Runner runner;
    runner.check = [=](const CheckOptions& check) { return Check(engine, check).search(); };
    runner.replay = [=](const CheckOptions& check, const Choices& choices) {
        return Check(engine, check).replay(choices);
    };
    return runner;
}

namespace {

/// Over atomics that ask the engine.
Engine source_engine(const DescribeSubject& describe, const MakeTest& make_test) {
    return {"rc11", describe,
            [=](const CheckOptions& check, Campaign& campaign, checker::MemoryLog* log,
                OrderWatch* orders) {
                return std::make_unique<Machine>(make_test(check, campaign), log, orders);
            },
            true};
}

}  // namespace

checker::Runner rc11_runner(const DescribeSubject& describe, const MakeTest& make_test) {
    return runner_of(source_engine(describe, make_test));
}

checker::OrderFindings weaken_orders(const DescribeSubject& describe, const MakeTest& make_test,
                                     const CheckOptions& check) {
    const Engine engine = source_engine(describe, make_test);
    OrderWatch all;
    checker::OrderFindings found{Check(engine, check, &all).search(), {}};
    if (found.original.verdict != Verdict::verified) return found;
    for (const OrderSite& site : all.sites()) {
        for (const Order weakened : one_step_weaker(site)) {
            if (check.is_stopped()) return found;
            OrderWatch orders(site, weakened);
            Report report = Check(engine, check, &orders).search();
            if (checker::is_worth_shrinking(report)) {
                const auto rerun = [&](const Choices& choices) {
                    return Check(engine, check, &orders).replay(choices);
                };
                const checker::Shrunk shrunk = checker::shrink(report, rerun, {.stop = check.stop});
                report.trace = shrunk.report.trace;
                report.shrunk = checker::summary(shrunk);
            }
            found.findings.push_back({place_of(site), std::string{operation_of(site)},
                                      std::string{to_text(site.order)},
                                      std::string{to_text(weakened)}, std::move(report), ""});
        }
    }
    return found;
}

checker::VariantEntry rc11_entry_of(const specs::model::Mutant& mutant,
                                    const DescribeSubject& describe, const MakeTest& make_test) {
    return {mutant, rc11_runner(describe, make_test),
            [=](const CheckOptions& check) { return weaken_orders(describe, make_test, check); }};
}

}  // namespace parley::rc11
