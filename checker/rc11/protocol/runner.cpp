#include "parley/checker/rc11/protocol/runner.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/progress.hpp"
#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/rc11/run_once.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/require.hpp"
#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <atomic>
#include <string>
#include <utility>

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

/// How a machine's last run failed; without a property: it did not.
Violation violation_of(const Machine& machine, const Campaign& campaign, checker::GuardedEnd end,
                       const checker::Guard& guard) {
    if (end == checker::GuardedEnd::crashed) {
        return {std::string{property::crash}, "no role crashes", std::string{guard.signal_name()}};
    }
    if (end == checker::GuardedEnd::hung) {
        return {std::string{property::hang}, "no role stays in a step for ever",
                std::string{guard.signal_name()}};
    }
    if (!machine.failure()) return {};
    return campaign.violation ? *campaign.violation : *machine.failure();
}

/// A run that can be run again: on its own, by its choices.
struct Recording {
    Choices choices;
    Violation violation;
    std::vector<checker::Event> events;
    std::vector<checker::RaceEnd> race;
};

class Check {
 public:
    Check(const DescribeSubject& describe, const MakeTest& make_test, const CheckOptions& check,
          OrderWatch* orders = nullptr)
        : check_(check), make_test_(make_test), orders_(orders), subject_(describe(check)) {
        report_ = checker::begin_report(subject_, "rc11", check);
        report_.scheduler = has_channels(check) ? "channel" : "real";
    }

    /// Looks at every execution, or at as many as there are to the first failure.
    Report search() {
        const checker::Stopwatch stopwatch;
        Campaign campaign;
        campaign.coverage = checker::coverage_of(subject_, !has_channels(check_));
        const auto test = make_test_(check_, campaign);
        std::optional<Violation> violation;
        std::optional<Graph> graph;
        std::vector<ThreadId> order;
        {
            Machine machine(*test, nullptr, orders_);
            checker::Guard guard;
            const auto end = guard.run([&] { explore_all(machine); });
            const Violation found = violation_of(machine, campaign, end, guard);
            if (!found.property.empty()) {
                violation = found;
                graph = machine.failed_graph();
                order = machine.order();
            }
        }
        report_.counts = {{"executions", campaign.ends}, {"blocked", blocked_of(campaign)}};
        report_.seconds = stopwatch.seconds();
        conclude(campaign, violation);
        report_.coverage = std::move(campaign.coverage);
        if (violation) {
            GraphGuide guide(*graph, std::move(order));
            Recording recording = record(guide);
            checker::require(recording.violation.property == violation->property,
                             "an execution that has failed fails again");
            keep(std::move(recording));
        }
        checker::explain(report_);
        return std::move(report_);
    }

    Report replay(const Choices& choices) {
        checker::ReplayChooser chooser(choices);
        ChoiceGuide guide(chooser);
        Recording recording = record(guide);
        const bool is_violated = !recording.violation.property.empty();
        report_.counts = {{"executions", 1}};
        report_.verdict = is_violated ? Verdict::violated : Verdict::passed;
        keep(std::move(recording));
        checker::explain(report_);
        return std::move(report_);
    }

 private:
    void explore_all(Machine& machine) {
        std::atomic<bool> stop = false;
        checker::Progress progress(check_, 0);
        ExploreOptions options;
        options.executions_max = check_.executions_max;
        options.events_max = check_.steps_max;
        options.stop = &stop;
        options.on_end = [&](const Graph&, Ending) {
            progress.tick(++executions_);
            stop = machine.failure().has_value() || check_.is_stopped();
        };
        try {
            limit_ = explore(machine, options).limit;
        } catch (const checker::LimitReached& reached) {
            limit_ = reached.limit;
        }
    }

    std::uint64_t blocked_of(const Campaign& campaign) const {
        return executions_ - std::min(executions_, campaign.ends);
    }

    void conclude(const Campaign& campaign, const std::optional<Violation>& violation) {
        const std::string missing = message_never_sent(subject_, campaign.sent_kinds);
        if (violation) {
            report_.verdict = Verdict::violated;
        } else if (!limit_.empty()) {
            report_.verdict = Verdict::incomplete;
            report_.reason = check_.is_stopped() ? "interrupted" : limit_;
        } else if (campaign.ends == 0 || !missing.empty()) {
            report_.verdict = Verdict::vacuous;
            report_.reason = campaign.ends == 0 ? "no execution came to its end" : missing;
        } else {
            report_.verdict = Verdict::verified;
            require_promises(report_, campaign.coverage);
        }
    }

    /// Runs once more, as the guide says, and takes everything down.
    Recording record(Guide& guide) {
        checker::Recorder recorder;
        checker::MemoryLog log;
        Campaign campaign;
        campaign.recorder = &recorder;
        campaign.log = &log;
        OneRun run;
        const auto test = make_test_(check_, campaign);
        Machine machine(*test, &log, orders_);
        checker::Guard guard;
        const auto end = guard.run([&] { run_once(machine, guide, check_.steps_max, run); });
        campaign.take_down();
        Recording recording{std::move(run.choices),
                            violation_of(machine, campaign, end, guard),
                            recorder.events(),
                            {}};
        if (recording.violation.property == property::data_race) {
            recording.race = race_ends(log, campaign.names);
        }
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

    const CheckOptions& check_;
    const MakeTest& make_test_;
    OrderWatch* orders_;
    Subject subject_;
    Report report_;
    std::uint64_t executions_ = 0;
    std::string limit_;
};

}  // namespace

bool has_channels(const CheckOptions& check) {
    if (check.scheduler == "channel") return true;
    if (check.scheduler.empty() || check.scheduler == "real") return false;
    throw checker::InputError(fmt::format("rc11 has no queue {}", check.scheduler));
}

checker::Runner rc11_runner(const DescribeSubject& describe, const MakeTest& make_test) {
    checker::Runner runner;
    runner.check = [=](const CheckOptions& check) {
        return Check(describe, make_test, check).search();
    };
    runner.replay = [=](const CheckOptions& check, const Choices& choices) {
        return Check(describe, make_test, check).replay(choices);
    };
    return runner;
}

checker::OrderFindings weaken_orders(const DescribeSubject& describe, const MakeTest& make_test,
                                     const CheckOptions& check) {
    OrderWatch all;
    checker::OrderFindings found{Check(describe, make_test, check, &all).search(), {}};
    if (found.original.verdict != Verdict::verified) return found;
    for (const OrderSite& site : all.sites()) {
        for (const Order weakened : one_step_weaker(site)) {
            if (check.is_stopped()) return found;
            OrderWatch orders(site, weakened);
            found.findings.push_back(
                {fmt::format("{}:{}", site.file, site.line), std::string{to_text(site.kind)},
                 std::string{to_text(site.order)}, std::string{to_text(weakened)},
                 Check(describe, make_test, check, &orders).search()});
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
