#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/relacy/party_port.hpp"
#include "parley/checker/relacy/result.hpp"
#include "parley/checker/relacy/test_run.hpp"
#include "parley/checker/run.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"

#include <string_view>
#include <utility>

namespace parley::checker::relacy {

/// The relacy engine: one variant of a protocol, as `V` under RelacyPlatform and as `C` under
/// CheckPlatform; `Name::value` is the protocol's name.
template <class V, class C, class Name>
struct Engine {
    static Report check(const CheckOptions& check) {
        const auto options = options_with<typename C::Options>(check.bounds);
        Campaign campaign;
        const SimulationOptions simulation = simulation_options(check);
        const SimulationResult result = simulate(
            simulation, [&] { return TestRun<V, C>{options, campaign}; });
        Report report = describe_check<C>(Name::value, "relacy", check);
        judge(report, check, result, campaign, message_never_sent<C>(campaign.sent_kinds));
        if (result.has_failed()) report.trace = trace(report, check, result.choices);
        explain(report);
        return report;
    }

    static Report replay(const CheckOptions& check, const Choices& choices) {
        Report report = describe_check<C>(Name::value, "relacy", check);
        report.trace = trace(report, check, choices);
        report.counts = {{"executions", 1}};
        const bool is_violated = !report.trace->violation.property.empty();
        report.verdict = is_violated ? Verdict::violated : Verdict::passed;
        explain(report);
        return report;
    }

   private:
    static Trace trace(const Report& report, const CheckOptions& check, const Choices& choices) {
        const auto options = options_with<typename C::Options>(check.bounds);
        Recorder recorder;
        MemoryLog log;
        Campaign campaign;
        campaign.recorder = &recorder;
        campaign.log = &log;
        SimulationOptions simulation = simulation_options(check);
        simulation.log = &log;
        const SimulationResult result = relacy::replay(
            simulation, [&] { return TestRun<V, C>{options, campaign}; }, choices);
        Trace trace = describe_trace<C>(report);
        complete(trace, result, campaign);
        return trace;
    }
};

/// The relacy engine for every variant of a protocol.
template <class Name, template <class> class... Variants>
EngineEntry relacy_entry(specs::model::VariantList<Variants...>) {
    using C = specs::model::CheckPlatform;
    using R = RelacyPlatform;
    return {"relacy",
            {VariantEntry{specs::model::mutant_of<Variants<C>>(),
                          {&Engine<Variants<R>, Variants<C>, Name>::check,
                           &Engine<Variants<R>, Variants<C>, Name>::replay,
                           nullptr}}...}};
}

}  // namespace parley::checker::relacy
