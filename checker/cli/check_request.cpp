#include "parley/checker/cli/check_request.hpp"

#include "parley/checker/cli/number_option.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <string>

namespace parley::cli {

namespace {

/// "on" or "off".
bool read_switch(const std::string& text) {
    if (text == "on" || text == "off") return text == "on";
    throw checker::InputError(
        fmt::format("--symmetry must be on or off, not '{}'", checker::render::printable(text)));
}

}  // namespace

void add_common_options(Parser command, CheckRequest& request) {
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    command.add_option("PROTOCOL", request.protocols,
                       request.engines.empty()
                           ? "protocols to check, all when none is named; or pages, as in my.md"
                           : "protocols to check, all when none is named");
    command.add_option("--mutant,-m", request.mutant, "check a variant with a planted bug")
        .type_name("NAME");
    add_seconds(command, request.seconds,
                "time for the whole check; without it each engine has its own");
    add_number<std::uint64_t>(command, "--seed", request.options.seed, 0, largest,
                              "seed of everything that is drawn (1)");
    command
        .add_option("--set,-s", request.settings,
                    "set a bound of the scripts, as in --set rounds=3")
        .type_name("BOUND=VALUE")
        .one_value_each();
    add_number<std::uint64_t>(command, "--executions-max", request.options.executions_max, 1,
                              largest, "most executions of rc11 and of an engine that samples");
    command
        .add_option("--corpus", request.corpus,
                    "a folder of failing runs: run them first, and keep there what is found")
        .type_name("DIR");
    command
        .add_option("--suppressions", request.suppressions,
                    "tsan, fibers: reports that are not to be heard, as race:FUNCTION-OR-FILE")
        .type_name("FILE");
    add_document_options(command, request.documents);
    command.add_flag("--coverage", request.has_coverage,
                     "what each engine has reached of the page, as a table and diagrams");
    command.add_flag("--full", request.is_full, "charts with every event");
}

void add_engine_options(Parser command, CheckRequest& request) {
    request.options.is_symmetric = true;
    command
        .add_option("--engine,-e", request.engines,
                    "explore, relacy, rc11, native, stress (plain and tsan), fibers")
        .type_name("ENGINE")
        .one_value_each();
    command
        .add_option("--scheduler", request.options.scheduler,
                    "explore: exhaustive, random, pct, bursty; relacy: random, context_bound, full")
        .type_name("NAME");
    command
        .add_option("--transport", request.transport,
                    "explore: fifo, lossy:FAULTS, duplicating:FAULTS or reordering queues")
        .type_name("KIND");
    command
        .add_option("--queue", request.queue,
                    "rc11: the real queue, or a channel in its place, with fewer executions")
        .type_name("real|channel");
    command.add_flag("--random", request.is_random, "explore: random runs, for large worlds");
    command.add_flag("--pct", request.is_pct, "explore: probabilistic concurrency testing");
    add_number<std::uint32_t>(command, "--depth", request.options.depth, 1, 100,
                              "pct: depth of the bugs to find; context_bound: its bound (3)");
    command
        .add_option("--fairness", request.options.fairness,
                    "explore: which endless runs count: action (weakly fair to each kind of "
                    "step), process or none")
        .type_name("NAME");
    command.add_flag("--safety-only", request.options.is_safety_only,
                     "explore: do not look for endless runs, in less time and memory");
    command.add_flag("--reduce", request.options.is_reduced,
                     "explore: leave out interleavings that make no difference, where nothing that "
                     "both parties share changes; search them all if something is found");
    command
        .add_option(
            "--symmetry",
            [&](const std::string& text) { request.options.is_symmetric = read_switch(text); },
            "explore: on (default): of states that differ in the names of values that the spec "
            "declares interchangeable only, look at one; off: at all")
        .type_name("on|off");
    add_number<std::uint64_t>(command, "--states-max", request.options.states_max, 1,
                              1'000'000'000'000, "explore: most states");
    command.add_flag("!--no-shrink", request.is_shrinking, "show a failing run as it was found");
}

double default_seconds(std::string_view engine) {
    return engine == "fibers" ? 0 : 1;
}

}  // namespace parley::cli
