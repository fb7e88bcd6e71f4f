#include "parley/tests/checker/cli/command.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

using Catch::Matchers::Contains;

TEST_CASE("explore: writes a page that needs no server, and says how much is in it") {
    const TemporaryFolder folder;
    const std::string page = folder.file("walk.html");
    const Ended whole =
        run_parley("explore cancelable_one_shot --set rounds=1 --html '" + page + "'");
    CHECK(whole.code == 0);
    CHECK_THAT(whole.output, Contains("places, all there are"));
    CHECK_THAT(read_file(page), Contains("\"states\":[") && !Contains("@model@"));
    const Ended part =
        run_parley("explore cancelable_one_shot --states-max 5 --html '" + page + "'");
    CHECK(part.output == page + ": 5 places, the nearest; --states-max for more\n");
}

TEST_CASE("explore: bad input is said before anything is served") {
    const TemporaryFolder folder;
    write_file(folder.file("t.json"), "{}");
    check_bad_input("explore oneshot", "did you mean");
    check_bad_input("explore send --mutant both_outcomes", "mutant");
    check_bad_input("explore send --set item=2", "did you mean 'items'?");
    check_bad_input("explore send --port 70000", "--port");
    check_bad_input("explore send --html /nonexistent/folder/a.html", "cannot write");
    check_bad_input("explore send --trace '" + folder.file("t.json") + "'", "t.json");
    REQUIRE(
        run_parley("check cancelable_one_shot --engine explore --mutant both_outcomes --json '" +
                   folder.file("t.json") + "'")
            .code == 1);
    check_bad_input("explore send --trace '" + folder.file("t.json") + "'",
                    "is of cancelable_one_shot, not of send");
}

}  // namespace parley::tests
