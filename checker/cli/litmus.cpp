#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/input.hpp"
#include "parley/checker/cli/number_option.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/scale_options.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/rc11/division.hpp"
#include "parley/checker/rc11/litmus_json.hpp"
#include "parley/checker/rc11/litmus_suite.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace parley::cli {

namespace {

/// What the user asked `litmus` to do.
struct LitmusRequest {
    std::vector<std::string> paths;
    std::uint32_t jobs = 0;
    std::uint32_t shard = 1;
    std::uint32_t shards = 1;
};

/// Runs litmus tests with the rc11 engine and says where it disagrees with what is known of them.
class LitmusRun {
 public:
    LitmusRun(const LitmusRequest& request, const Session& session)
        : request_(request), session_(session) {}

    int run() {
        for (const std::string& path : request_.paths) {
            const auto tests =
                rc11::litmus_tests_from_json(read_input(path, checker::json_bytes_max), path);
            tests_.insert(tests_.end(), tests.begin(), tests.end());
            ends_.push_back(tests_.size());
        }
        findings_ = rc11::run_litmus_suite(
            tests_, {.processes = request_.jobs != 0 ? request_.jobs : rc11::processes_default(),
                     .shard = request_.shard,
                     .shards = request_.shards,
                     .stop = session_.stop});
        for (std::size_t file = 0; file < ends_.size(); ++file) say_file(file);
        say(
            fmt::format("{} of {} equal in executions, outcomes, races and reachability; {} "
                        "executions, {} blocked\n",
                        equal_, looked_at_, executions_, blocked_));
        if (session_.is_stopped()) return checker::exit_code(checker::Verdict::incomplete);
        return equal_ == looked_at_ ? 0 : checker::exit_code(checker::Verdict::violated);
    }

 private:
    void say_file(std::size_t file) {
        const std::size_t equal_before = equal_;
        const std::size_t looked_at_before = looked_at_;
        for (std::size_t i = file == 0 ? 0 : ends_[file - 1]; i < ends_[file]; ++i) {
            if (!rc11::is_in_shard(i, request_.shard, request_.shards)) continue;
            ++looked_at_;
            if (findings_[i]) say_test(tests_[i], *findings_[i]);
        }
        say(fmt::format("{}: {} of {} equal\n", checker::render::printable(request_.paths[file]),
                        equal_ - equal_before, looked_at_ - looked_at_before));
    }

    void say_test(const rc11::LitmusTest& test, const rc11::LitmusFinding& finding) {
        executions_ += finding.executions;
        blocked_ += finding.blocked;
        if (finding.disagreements.empty()) ++equal_;
        for (const std::string& line : finding.disagreements) {
            say(checker::render::printable(fmt::format("{}: {}", test.name, line)) + "\n");
        }
    }

    const LitmusRequest& request_;
    const Session& session_;
    std::vector<rc11::LitmusTest> tests_;
    std::vector<std::size_t> ends_;  ///< of each file, among the tests
    std::vector<std::optional<rc11::LitmusFinding>> findings_;
    std::size_t looked_at_ = 0;
    std::size_t equal_ = 0;
    std::uint64_t executions_ = 0;
    std::uint64_t blocked_ = 0;
};

}  // namespace

void add_litmus(Parser app, const Session& session, Action& action) {
    const Parser command =
        app.add_subcommand("litmus", "litmus tests with the rc11 engine against what is known");
    const auto request = std::make_shared<LitmusRequest>();
    command
        .add_option("FILE", request->paths,
                    "litmus tests with their executions and outcomes as JSON")
        .required();
    constexpr std::uint32_t jobs_max = 64;
    add_number<std::uint32_t>(command, "--jobs", request->jobs, 1, jobs_max,
                              "processes that share the tests (all cores)");
    add_shard(command, request->shard, request->shards, "only the I-th of N parts of the tests");
    command.footer(
        "Examples:\n"
        "  parley litmus tests.json\n"
        "  parley litmus tests.json --shard 2/8\n"
        "\n"
        "Exit code: 0 all agree, 1 some do not, 2 bad input, 3 interrupted.");
    command.callback([&action, &session, request] {
        action = [&session, request] { return LitmusRun(*request, session).run(); };
    });
}

}  // namespace parley::cli
