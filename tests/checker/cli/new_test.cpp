#include "parley/tests/checker/cli/command.hpp"

#include "parley/checker/json.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace parley::tests {

using Catch::Matchers::Contains;
using checker::Report;
using checker::Verdict;

namespace {

const std::string skeletons = std::string{PARLEY_TESTS_DIR} + "/skeletons/";
constexpr std::array pages{"feed", "files", "greeting", "jobs", "service"};

std::string page_path(const std::string& name) {
    return skeletons + "specs/" + name + ".md";
}

/// `parley new` for a page, into a folder.
Ended run_new(const std::string& page, const TemporaryFolder& folder) {
    return run_parley("new '" + page + "' --into '" + folder.file("") + "'");
}

void check_refused(const std::string& page, const TemporaryFolder& folder,
                   const std::string& words) {
    check_bad_input("new '" + page + "' --into '" + folder.file("") + "'", words);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::vector<Report> checked_skeletons(const std::string& arguments) {
    const TemporaryFolder folder;
    const std::string file = folder.file("reports.json");
    const Ended ended =
        run_program(PARLEY_SKELETONS_COMMAND, "check " + arguments + " --json '" + file + "'");
    INFO(ended.output);
    INFO(ended.errors);
    CHECK(ended.code == 0);
    return checker::reports_from_json(read_file(file), file);
}

}  // namespace

// The files in tests/skeletons are built with all warnings and checked below. With
// PARLEY_UPDATE_GOLDEN=1 they are written anew.
TEST_CASE("new: writes what stands in tests/skeletons") {
    for (const char* name : pages) {
        const TemporaryFolder folder;
        const Ended ended = run_new(page_path(name), folder);
        INFO(ended.errors);
        CHECK(ended.code == 0);
        CHECK_THAT(ended.output, Contains("protocols/" + std::string{name} + ".hpp\n"));
        CHECK_THAT(ended.output, Contains("next: parley check " + std::string{name} + "\n"));
        for (const std::string kind : {"protocols/", "specs/"}) {
            const std::string file = kind + name + ".hpp";
            const std::string text = read_file(folder.file(file));
            if (std::getenv("PARLEY_UPDATE_GOLDEN") != nullptr) {
                std::filesystem::create_directories(skeletons + kind);
                write_file(skeletons + file, text);
            }
            INFO(file);
            CHECK(!text.empty());
            CHECK(text == read_file(skeletons + file));
        }
        CHECK(read_file(folder.file("specs/" + std::string{name} + ".md")) ==
              read_file(page_path(name)));
    }
}

TEST_CASE("new: a skeleton is verified, and reaches all that its page promises", "[skeletons]") {
    for (const Report& report : checked_skeletons("--engine explore")) {
        INFO(report.protocol);
        CHECK(report.verdict == Verdict::verified);
        REQUIRE(report.coverage);
        CHECK(checker::promises_of(*report.coverage).unreached.empty());
        for (const auto& transitions : report.coverage->transitions) {
            for (const auto& each : transitions) {
                INFO(each.text);
                CHECK(each.taken > 0);
            }
        }
    }
}

TEST_CASE("new: a skeleton is clean in every engine, and each run comes to its end",
          "[skeletons][relacy][stress][tsan]") {
    const std::vector<Report> reports =
        checked_skeletons("--engine relacy --engine stress --executions-max 2000");
    CHECK(reports.size() == 3 * pages.size());
    for (const Report& report : reports) {
        INFO(report.protocol + " with " + report.engine);
        const bool is_complete = report.engine == "explore";
        CHECK(report.verdict == (is_complete ? Verdict::verified : Verdict::passed));
        CHECK(report.count("cut") == 0);
    }
}

TEST_CASE("new: never overwrites, and then writes nothing") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.file("specs"));
    write_file(folder.file("specs/jobs.hpp"), "mine");
    check_refused(page_path("jobs"), folder, "specs/jobs.hpp is there already");
    CHECK(read_file(folder.file("specs/jobs.hpp")) == "mine");
    CHECK_FALSE(std::filesystem::exists(folder.file("protocols/jobs.hpp")));
    CHECK_FALSE(std::filesystem::exists(folder.file("specs/jobs.md")));
    std::filesystem::remove(folder.file("specs/jobs.hpp"));
    write_file(folder.file("specs/jobs.md"), "another page");
    check_refused(page_path("jobs"), folder, "specs/jobs.md is there already");
    CHECK(read_file(folder.file("specs/jobs.md")) == "another page");
    CHECK_FALSE(std::filesystem::exists(folder.file("protocols/jobs.hpp")));
}

TEST_CASE("new: a page that is in its place stays there, and a second time is refused") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.file("specs"));
    write_file(folder.file("specs/jobs.md"), read_file(page_path("jobs")));
    const Ended ended = run_new(folder.file("specs/jobs.md"), folder);
    CHECK(ended.code == 0);
    CHECK_THAT(ended.output, !Contains("jobs.md"));
    check_refused(folder.file("specs/jobs.md"), folder, "protocols/jobs.hpp is there already");
}

TEST_CASE("new: what cannot be a protocol in C++ is refused with one line") {
    const TemporaryFolder folder;
    const auto refuse = [&](const std::string& name, const std::string& text,
                            const std::string& words) {
        write_file(folder.file(name), text);
        check_refused(folder.file(name), folder, words);
        CHECK_FALSE(std::filesystem::exists(folder.file("protocols")));
    };
    const std::string jobs = read_file(page_path("jobs"));
    refuse("class.md", jobs, "that of a protocol in C++, found 'class'");
    refuse("my-jobs.md", jobs, "that of a protocol in C++");
    refuse("jobs.md", replaced(jobs, "Start", "delete"),
           "jobs.md:19: expected a message whose name");
    for (const std::string message : {"Inbox", "port", "state", "send_start", "EOF"}) {
        refuse("jobs.md", replaced(jobs, "Done", message), "found '" + message + "'");
    }
    refuse("jobs.md", replaced(replaced(jobs, "(id)", "(new)"), "| id", "| new"),
           "expected a key whose name");
    refuse("jobs.md", replaced(jobs, ", ignored", ", igored"), "expected 'optional'");
    refuse("jobs.md", replaced(jobs, "    free --> free : ?Stop(id), ignored\n", ""),
           "expected a page that is verified with queues of 2, and it is violated");
    refuse("jobs.txt", jobs, "expected a page, as in my.md");
    check_bad_input("new '" + page_path("jobs") + "' --into /nowhere", "no folder /nowhere");
    check_bad_input("new nothing.md", "cannot read nothing.md");
}

}  // namespace parley::tests
