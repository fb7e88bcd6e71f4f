#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace parley::tests {

using Catch::Matchers::Contains;

namespace {

const std::string racy = "stress send --mutant relaxed_vacate --tsan-fibers ";

/// What comes behind `begin` in its line.
std::string rest_of_line(const std::string& text, const std::string& begin) {
    const std::size_t at = text.find(begin);
    REQUIRE(at != std::string::npos);
    return text.substr(at, text.find('\n', at) - at);
}

/// Bad input because of a value of TSAN_OPTIONS.
void check_bad_options(const std::string& options, const std::string& words) {
    const Ended ended = run_parley("stress send --tsan-fibers --executions-max 10",
                                   "TSAN_OPTIONS='" + options + "'");
    INFO(options);
    INFO(ended.errors);
    CHECK(ended.code == 2);
    CHECK(ended.output.empty());
    CHECK_THAT(ended.errors, Contains(words));
    CHECK(std::count(ended.errors.begin(), ended.errors.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("fibers: the same seed prints the same report, byte for byte, and another one does not",
          "[tsan]") {
    const std::string check = "stress --tsan-fibers --executions-max 500 ";
    const Ended first = run_parley(check + "--seed 1");
    CHECK(first.code == 0);
    CHECK(run_parley(check + "--seed 1").output == first.output);
    CHECK(run_parley(check + "--seed 2").output != first.output);
    const Ended found = run_parley(racy + "--seed 1");
    CHECK(found.code == 1);
    CHECK(run_parley(racy + "--seed 1").output == found.output);
}

TEST_CASE("fibers: another seed takes other runs of the same check", "[tsan]") {
    const std::string check = "stress stream --tsan-fibers --executions-max 50 ";
    const std::string counts = rest_of_line(run_parley(check + "--seed 1").output, "  counts");
    CHECK_THAT(counts, Contains(" 50 executions, 0 cut") && Contains("switches"));
    CHECK(rest_of_line(run_parley(check + "--seed 2").output, "  counts") != counts);
}

TEST_CASE("fibers: all protocols are clean, and the report says what that is worth", "[tsan]") {
    const Ended ended = run_parley("stress --tsan-fibers --executions-max 500");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("500 executions") && !Contains("violated"));
    const Ended one = run_parley("check send --engine fibers --executions-max 500");
    CHECK(one.code == 0);
    CHECK_THAT(one.output, Contains("runs of this scheduler") && Contains("fences"));
}

TEST_CASE("fibers: a race is found, and its line shows the very same run again", "[tsan]") {
    const Ended found = run_parley(racy);
    CHECK(found.code == 1);
    CHECK_THAT(found.output, Contains("data race") && Contains("by left") && Contains("by right") &&
                                 Contains("replay send+relaxed_vacate/fibers/"));
    const std::string line = rest_of_line(found.output, "replay send");
    const Ended again = run_parley(line);
    CHECK(again.code == 1);
    CHECK_THAT(again.output, Contains("the choices fit"));
    const Ended misspelt = run_parley(line, "TSAN_OPTIONS=histroy_size=7");
    CHECK(misspelt.code == 2);
    CHECK_THAT(misspelt.errors, Contains("did you mean 'history_size'?"));
    const auto chart = [](const std::string& text) {
        return text.substr(text.find("  property"),
                           text.find("  bounds") - text.find("  property"));
    };
    CHECK(chart(again.output) == chart(found.output));
}

TEST_CASE("fibers: a run is shrunk unless it is to be shown as it was found", "[tsan]") {
    // One run in a thousand fails.
    const std::string check =
        "check multi_reply --mutant phases_out_of_order --engine fibers --executions-max 20000 ";
    const Ended shrunk = run_parley(check);
    const Ended found = run_parley(check + "--no-shrink");
    CHECK(shrunk.code == 1);
    CHECK(found.code == 1);
    CHECK_THAT(shrunk.output, Contains("shrunk    from"));
    CHECK_THAT(found.output, !Contains("shrunk  "));
    CHECK(shrunk.output.size() < found.output.size());
    CHECK(run_parley(rest_of_line(found.output, "replay multi_reply")).code == 1);
}

TEST_CASE("fibers: every planted bug that ThreadSanitizer should see is found",
          "[tsan][all_mutants]") {
    const Ended ended = run_parley("mutants --engine fibers");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("killed by every engine") && !Contains("survived") &&
                                 Contains("the originals are clean"));
}

TEST_CASE("fibers: an option that ThreadSanitizer would ignore is refused", "[tsan]") {
    check_bad_options("histroy_size=7", "did you mean 'history_size'?");
    check_bad_options("history_size=2:nonsense", "unknown option 'nonsense'");
    check_bad_options("history_size=many", "Invalid value");
    check_bad_options("history_size", "expected '='");
}

TEST_CASE("fibers: an option that would keep a check from seeing or telling is refused", "[tsan]") {
    check_bad_options("report_bugs=0", "leave report_bugs out: it turns reports off");
    check_bad_options("history_size=2 exitcode=0", "leave exitcode out");
    check_bad_options("halt_on_error=1", "leave halt_on_error out");
    check_bad_options("suppressions=\"a:b, c\"", "--suppressions FILE");
    check_bad_options("handle_segv=2", "a crash would not be reported");
}

TEST_CASE("fibers: options that are good are passed on, and other engines have none", "[tsan]") {
    const TemporaryFolder folder;
    const Ended good =
        run_parley(racy, "TSAN_OPTIONS=history_size=1,log_path=" + folder.file("log"));
    CHECK(good.code == 1);
    CHECK(good.errors.empty());
    CHECK(run_parley("check send --engine explore", "TSAN_OPTIONS=nonsense=1").code == 0);
}

TEST_CASE("fibers: a suppressed report is counted and no finding, an unused line is named",
          "[tsan]") {
    const TemporaryFolder folder;
    const std::string file = folder.file("suppressions");
    write_file(file, "# what we know of\n\nrace:*/model/endpoint.hpp$\nrace:no_such_function\n");
    const std::string engine = GENERATE("--tsan-fibers", "--seconds 60");
    INFO(engine);
    const std::string check = "stress send --mutant relaxed_vacate --executions-max 100 " + engine;
    CHECK(run_parley(check).code == 1);
    const Ended ended = run_parley(check + " --suppressions '" + file + "'");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, Contains("passed") && Contains("suppressed  " + file + ":3: race:") &&
                                 Contains("unused      " + file + ":4: race:no_such_function"));
}

TEST_CASE("fibers: a line that is no suppression is refused with its place", "[tsan]") {
    const TemporaryFolder folder;
    const std::string file = folder.file("suppressions");
    const std::string check = "stress send --tsan-fibers --suppressions '" + file + "'";
    check_bad_input(check, "cannot read");
    write_file(file, "race:a\nraec:b\n");
    check_bad_input(check, file + ":2: unknown kind of report 'raec'; did you mean 'race'?");
    write_file(file, "deadlock:a\n");
    check_bad_input(check, "reports of kind 'deadlock' are not made here");
    write_file(file, "race:*\n");
    check_bad_input(check, "names no function");
    check_bad_input("check send --engine explore --suppressions '" + file + "'", "needs --engine");
}

}  // namespace parley::tests
