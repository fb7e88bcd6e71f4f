#include "parley/checker/cli/compiled_engine.hpp"
#include "parley/tests/checker/cli/command.hpp"
#include "parley/tests/checker/receives_first.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using checker::Report;
using checker::Verdict;

namespace {

/// With engine native of the command that is built beside this program.
std::vector<checker::ProtocolEntry> catalog_with_compiled() {
    std::vector<checker::ProtocolEntry> catalog = checker::catalog();
    cli::add_compiled_engine(catalog, PARLEY_COMMAND "-rc11");
    return catalog;
}

const checker::EngineEntry& find_engine(const checker::ProtocolEntry& protocol,
                                        std::string_view engine) {
    const auto found = std::ranges::find(protocol.engines, engine, &checker::EngineEntry::engine);
    REQUIRE(found != protocol.engines.end());
    return *found;
}

const ReceivesFirst& receiving_first(std::string_view protocol) {
    const auto found = std::ranges::find(receives_first, protocol, &ReceivesFirst::protocol);
    REQUIRE(found != receives_first.end());
    return *found;
}

checker::CheckOptions options_for(std::string_view protocol) {
    checker::CheckOptions options;
    options.bounds = receiving_first(protocol).bounds;
    return options;
}

}  // namespace

TEST_CASE("native: every protocol has the executions of its source", "[rc11]") {
    std::size_t protocols = 0;
    for (const checker::ProtocolEntry& protocol : catalog_with_compiled()) {
        if (protocol.page == nullptr) continue;
        ++protocols;
        INFO(protocol.name);
        checker::CheckOptions options = options_for(protocol.name);
        const Report compiled =
            find_engine(protocol, "native").variants.front().runner.check(options);
        options.scheduler = "real";
        const Report source = find_engine(protocol, "rc11").variants.front().runner.check(options);
        CHECK(compiled.count("executions") == source.count("executions"));
        CHECK(compiled.count("blocked") == source.count("blocked"));
        CHECK(compiled.verdict == Verdict::verified);
        CHECK(compiled.bounds == source.bounds);
        CHECK(compiled.count("executions") >= receiving_first(protocol.name).executions);
        CHECK(compiled.engine == "native");
    }
    CHECK(protocols == receives_first.size());
}

TEST_CASE("native: all mutants have the verdict of their source", "[rc11][all_mutants]") {
    for (const checker::ProtocolEntry& protocol : catalog_with_compiled()) {
        if (protocol.page == nullptr) continue;
        for (const checker::VariantEntry& variant : find_engine(protocol, "native").variants) {
            if (variant.mutant.name.empty()) continue;
            INFO(protocol.name << "+" << variant.mutant.name);
            checker::CheckOptions options;
            const Report compiled = variant.runner.check(options);
            options.scheduler = "real";
            const auto& of_source = find_engine(protocol, "rc11").variants;
            const auto same = std::ranges::find_if(of_source, [&](const auto& each) {
                return each.mutant.name == variant.mutant.name;
            });
            REQUIRE(same != of_source.end());
            const Report source = same->runner.check(options);
            CHECK(compiled.verdict == source.verdict);
            CHECK((compiled.verdict == Verdict::violated) == variant.mutant.seen_by_rc11);
            if (compiled.verdict != Verdict::violated) continue;
            CHECK(variant.mutant.expects(compiled.trace->violation.property));
        }
    }
}

TEST_CASE("native: a failing execution has a chart and a line that shows it again",
          "[rc11][all_mutants]") {
    const auto [arguments, words] = GENERATE(table<std::string, std::string>({
        {"check send --engine native --mutant relaxed_vacate", "data race"},
        {"check subscription --engine native --mutant missing_ack", "violated"},
    }));
    const Ended failed = run_parley(arguments);
    CHECK(failed.code == 1);
    CHECK_THAT(failed.output, Contains("violated") && Contains(words));
    const Ended again = replay_shown(failed);
    CHECK(again.code == 1);
    CHECK_THAT(again.output, Contains("the choices fit"));
}

TEST_CASE("native: a file has what replay shows event for event", "[rc11][all_mutants]") {
    const TemporaryFolder folder;
    const std::string file = folder.file("race.json");
    const Ended failed =
        run_parley("check send --engine native --mutant relaxed_publish --json " + file);
    CHECK(failed.code == 1);
    const Ended again = run_parley("replay " + file);
    CHECK(again.code == 1);
    CHECK_THAT(again.output, Contains("the same, event for event"));
}

TEST_CASE("native: processes and shards change no count", "[rc11]") {
    const std::string check = "check send --engine native --set items=3 ";
    const Ended alone = run_parley(check + "--threads 1");
    CHECK(alone.code == 0);
    CHECK_THAT(alone.output,
               Contains("send with native: verified") && Contains("of the compiled code"));
    const auto counts_of = [](const Ended& ended) {
        const std::size_t at = ended.output.find("  counts");
        return ended.output.substr(at, ended.output.find('\n', at) - at);
    };
    CHECK(counts_of(run_parley(check + "--threads 3")) == counts_of(alone));
    const TemporaryFolder folder;
    std::string files;
    for (const std::string shard : {"1", "2"}) {
        files += " " + folder.file(shard);
        CHECK(run_parley(check + "--shard " + shard + "/2 --json " + folder.file(shard)).code == 0);
    }
    const Ended merged = run_parley("merge" + files);
    CHECK_THAT(merged.output, Contains("verified"));
    // Each process has states of its own.
    CHECK_THAT(counts_of(alone), Catch::Matchers::StartsWith(counts_of(merged)));
}

// Here a write lets a thread go on that comes before the one that wrote.
TEST_CASE("native: a search that begins elsewhere has the same parts", "[rc11][large]") {
    const std::vector<checker::ProtocolEntry> catalog = catalog_with_compiled();
    const auto send = std::ranges::find(catalog, "send", &checker::ProtocolEntry::name);
    const checker::Runner& runner = find_engine(*send, "native").variants.front().runner;
    checker::CheckOptions options;
    options.threads = 1;
    std::int64_t executions = 0;
    std::int64_t blocked = 0;
    for (options.shard = 1, options.shards = 16; options.shard <= options.shards; ++options.shard) {
        const Report report = runner.check(options);
        executions += static_cast<std::int64_t>(report.count("executions"));
        blocked += static_cast<std::int64_t>(report.count("blocked"));
    }
    CHECK(executions == 1'597'120);
    CHECK(blocked == 685'936);
}

TEST_CASE("native: what makes no sense is refused", "[rc11]") {
    const auto [arguments, words] = GENERATE(table<std::string, std::string>({
        {"check send --engine native --queue channel", "a queue needs --engine rc11"},
        {"check send --engine native --queue real", "a queue needs --engine rc11"},
        {"check send --engine native --transport lossy:1", "a transport needs --engine explore"},
        {"check spsc_queue --engine native", "spsc_queue is not built for engine native"},
        {"check send --engine nativ", "did you mean 'native'?"},
        {"check send --engine native --scheduler pct", "scheduler"},
    }));
    check_bad_input(arguments, words);
}

TEST_CASE("native: a checkpoint of the source is refused", "[rc11]") {
    const TemporaryFolder folder;
    const std::string file = folder.file("checkpoint");
    run_parley("check send --engine rc11 --seconds 0.2 --set items=6 --checkpoint " + file);
    check_bad_input("check send --engine native --set items=6 --checkpoint " + file, "checkpoint");
}

}  // namespace parley::tests
