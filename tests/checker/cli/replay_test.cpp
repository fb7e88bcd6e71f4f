#include "parley/checker/json.hpp"
#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;

namespace {

const std::string check = "check cancelable_one_shot --engine explore --mutant both_outcomes";

/// The lines from the heads of the lanes to the sentence of the property.
std::string chart_of(const std::string& output) {
    const std::size_t begin = output.find("\n\n");
    const std::size_t end = output.find("\n\n", begin + 2);
    REQUIRE(end != std::string::npos);
    return output.substr(begin, end - begin);
}

std::vector<checker::Report> failing_reports(const TemporaryFolder& folder) {
    const std::string file = folder.file("check.json");
    REQUIRE(run_parley(check + " --json " + file).code == 1);
    return checker::reports_from_json(read_file(file), file);
}

/// Replays the file with what `edit` makes of the only report's trace.
template <class Edit>
Ended replay_edited(const Edit& edit) {
    const TemporaryFolder folder;
    checker::Trace trace = *failing_reports(folder).at(0).trace;
    edit(trace);
    write_file(folder.file("trace.json"), checker::to_json(trace));
    return run_parley("replay " + folder.file("trace.json"));
}

}  // namespace

TEST_CASE("replay: a file shows the same chart again and exits 1") {
    const TemporaryFolder folder;
    const std::string file = folder.file("t.json");
    const Ended first = run_parley(check + " --json " + file);
    const Ended again = run_parley("replay " + file);
    CHECK(first.code == 1);
    CHECK(again.code == 1);
    CHECK(chart_of(first.output) == chart_of(again.output));
    CHECK_THAT(again.output, Contains("the same, event for event"));
}

TEST_CASE("replay: the line that a check prints shows the same chart again and exits 1") {
    const Ended first = run_parley(check);
    const std::size_t begin = first.output.find(" replay cancelable");
    REQUIRE(begin != std::string::npos);
    const std::string line = first.output.substr(begin, first.output.find('\n', begin) - begin);
    const Ended again = run_parley(line);
    CHECK(again.code == 1);
    CHECK(chart_of(first.output) == chart_of(again.output));
}

TEST_CASE("replay: says at which event the code has changed") {
    const Ended ended = replay_edited([](checker::Trace& trace) { trace.events[1].what += "?"; });
    CHECK(ended.code == 1);
    CHECK_THAT(ended.output, Contains("the code has changed, at event 2: it was"));
}

TEST_CASE("replay: the first difference is shown with its line of the page") {
    const Ended ended = replay_edited([](checker::Trace& trace) {
        for (checker::Event& event : trace.events) {
            if (event.kind != checker::EventKind::send) continue;
            event.what = "Arm(round=7)";
            break;
        }
    });
    CHECK_THAT(ended.output, Contains("it was \"requester: sends Arm(round=7)") &&
                                 Contains(" (specs/cancelable_one_shot.md:"));
}

TEST_CASE("replay: a run that no longer fails exits 0, or 3 when the code has changed") {
    const std::string bounds = "cancelable_one_shot/explore/capacity=2,rounds=2/";
    CHECK(run_parley("replay " + bounds + "-").code == 0);
    CHECK(run_parley("replay " + bounds + "50:49^3").code == 3);
    const Ended ended = replay_edited([](checker::Trace& trace) { trace.mutant.clear(); });
    CHECK(ended.code == 3);
    CHECK_THAT(ended.output, Contains("the code has changed"));
}

TEST_CASE("replay: a trace of something that is not there is bad input") {
    CHECK(replay_edited([](auto& trace) { trace.protocol = "oneshot"; }).code == 2);
    CHECK(replay_edited([](auto& trace) { trace.engine = "explorer"; }).code == 2);
    CHECK(replay_edited([](auto& trace) { trace.mutant = "both"; }).code == 2);
    CHECK(replay_edited([](auto& trace) { trace.bounds = {{"capacity", 3}}; }).code == 2);
    CHECK(replay_edited([](auto& trace) { trace.bounds = {{"capacity", 1 << 30}}; }).code == 2);
    CHECK(replay_edited([](auto& trace) { trace.bounds = {{"size", 1}}; }).code == 2);
}

TEST_CASE("replay: files that are no traces are bad input and stay as they are") {
    const TemporaryFolder folder;
    const std::string file = folder.file("t.json");
    REQUIRE(run_parley(check + " --json " + file).code == 1);
    const std::string good = read_file(file);
    const std::vector<std::string> texts{"",
                                         good.substr(0, good.size() / 2),
                                         "{}",
                                         "\x7f"
                                         "ELF",
                                         std::string(100'000, '['),
                                         R"({"parley_trace": 99999999999999999999})"};
    for (const std::string& text : texts) {
        write_file(file, text);
        check_bad_input("replay " + file, "t.json: ");
        CHECK(read_file(file) == text);
    }
    std::filesystem::resize_file(file, checker::json_bytes_max + 1);
    check_bad_input("replay " + file, "larger than 64 MiB");
    check_bad_input("replay " + folder.file("none.json"), "none.json");
    check_bad_input("replay " + folder.file(""), "folder");
    check_bad_input("replay /dev/zero", "larger than 64 MiB");
    check_bad_input("replay cancelable_one_shot/explore/rounds=2/2:0^99999999", "too many choices");
}

TEST_CASE("replay: a check without a failing run has nothing to replay") {
    const TemporaryFolder folder;
    const std::string file = folder.file("t.json");
    REQUIRE(run_parley("check cancelable_one_shot --engine explore --json " + file).code == 0);
    check_bad_input("replay " + file, "no run that breaks a property");
}

}  // namespace parley::tests
