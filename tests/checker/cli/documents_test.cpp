#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace parley::tests {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const std::string both_outcomes =
    "check cancelable_one_shot --mutant both_outcomes --engine explore";

}  // namespace

TEST_CASE("documents: one check writes all of them, and each shows the run again") {
    const TemporaryFolder folder;
    std::string options;
    for (const std::string name :
         {"json", "junit", "sarif", "html", "markdown", "mermaid", "svg", "shiviz"}) {
        options += " --" + name + " '" + folder.file(name) + "'";
    }
    CHECK(run_parley(both_outcomes + options).code == 1);
    const std::string replay = "replay cancelable_one_shot+both_outcomes/explore/";
    for (const std::string name : {"junit", "sarif", "html", "markdown"}) {
        INFO(name);
        CHECK_THAT(read_file(folder.file(name)), Contains(replay));
    }
    CHECK_THAT(read_file(folder.file("json")), Contains("\"parley_trace\": 1"));
    CHECK_THAT(read_file(folder.file("mermaid")), StartsWith("sequenceDiagram\n"));
    CHECK_THAT(read_file(folder.file("svg")), StartsWith("<svg "));
    CHECK_THAT(read_file(folder.file("shiviz")), StartsWith("requester {\"requester\":1}\n"));
    // A trace that was kept can be drawn later.
    CHECK(
        run_parley("replay '" + folder.file("json") + "' --mermaid '" + folder.file("again") + "'")
            .code == 1);
    CHECK(read_file(folder.file("again")) == read_file(folder.file("mermaid")));
}

TEST_CASE("documents: a clean check says that there is no counterexample") {
    const TemporaryFolder folder;
    const std::string old = folder.file("a.svg");
    write_file(old, "the picture of yesterday");
    CHECK(run_parley("check send --engine explore --transport fifo --svg '" + old +
                     "' --mermaid '" + folder.file("a.mmd") + "'")
              .code == 0);
    CHECK_THAT(read_file(old), Contains("no counterexample") && !Contains("yesterday"));
    CHECK_THAT(read_file(folder.file("a.mmd")), Contains("no counterexample"));
}

TEST_CASE("documents: GitHub gets annotations and an addition to the job's summary") {
    const TemporaryFolder folder;
    const std::string summary = folder.file("summary.md");
    write_file(summary, "before\n");
    const Ended ended =
        run_parley(both_outcomes + " --github", "GITHUB_STEP_SUMMARY='" + summary + "'");
    CHECK(ended.code == 1);
    CHECK_THAT(ended.output, Contains("\n::error file=specs/cancelable_one_shot.md,line="));
    CHECK_THAT(read_file(summary), StartsWith("before\n## Parley\n") && Contains("```mermaid\n"));
    const Ended outside = run_parley(both_outcomes + " --github", "GITHUB_STEP_SUMMARY=");
    CHECK(outside.code == 1);
    CHECK_THAT(outside.output, Contains("\n::error file="));
}

TEST_CASE("documents: what cannot be written is said before anything is checked") {
    const TemporaryFolder folder;
    const std::string same = folder.file("same");
    write_file(same, "mine");
    check_bad_input(both_outcomes + " --sarif /nonexistent/folder/a.sarif", "cannot write");
    check_bad_input(both_outcomes + " --html '" + same + "' --svg '" + same + "'",
                    "two documents for one file");
    CHECK(read_file(same) == "mine");
    // It is the same file before it is there.
    check_bad_input(both_outcomes + " --html not-there --svg ./not-there",
                    "two documents for one file");
    check_bad_input(both_outcomes + " --juint a.xml", "did you mean '--junit'?");
}

TEST_CASE("command: says its version") {
    const Ended ended = run_parley("--version");
    CHECK(ended.code == 0);
    CHECK(ended.output == "parley 0.1.0\n");
}

}  // namespace parley::tests
