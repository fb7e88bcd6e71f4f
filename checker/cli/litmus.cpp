#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/input.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/checker/rc11/litmus_json.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace parley::cli {

namespace {

/// Runs litmus tests with the rc11 engine and says where it disagrees with what is known of them.
class LitmusRun {
 public:
    explicit LitmusRun(const Session& session) : session_(session) {}

    int run(const std::vector<std::string>& paths) {
        std::vector<std::vector<rc11::LitmusTest>> files;
        for (const std::string& path : paths) {
            files.push_back(
                rc11::litmus_tests_from_json(read_input(path, checker::json_bytes_max), path));
        }
        for (std::size_t i = 0; i < files.size(); ++i) {
            const std::size_t equal_before = equal_;
            for (const rc11::LitmusTest& test : files[i]) {
                if (session_.is_stopped()) break;
                run_test(test);
            }
            say(fmt::format("{}: {} of {} equal\n", checker::render::printable(paths[i]),
                            equal_ - equal_before, files[i].size()));
            tests_ += files[i].size();
        }
        say(
            fmt::format("{} of {} equal in executions, outcomes, races and reachability; {} "
                        "executions, {} blocked\n",
                        equal_, tests_, executions_, blocked_));
        if (session_.is_stopped()) return checker::exit_code(checker::Verdict::incomplete);
        return equal_ == tests_ ? 0 : checker::exit_code(checker::Verdict::violated);
    }

 private:
    void run_test(const rc11::LitmusTest& test) {
        rc11::ExploreOptions options;
        options.stop = session_.stop;
        const rc11::LitmusResult result = run_litmus(test, options);
        executions_ += result.explored.complete;
        blocked_ += result.explored.blocked;
        if (session_.is_stopped()) return;
        const std::vector<std::string> lines = disagreements(test, result);
        if (lines.empty()) ++equal_;
        for (const std::string& line : lines) {
            say(checker::render::printable(fmt::format("{}: {}", test.name, line)) + "\n");
        }
    }

    const Session& session_;
    std::size_t tests_ = 0;
    std::size_t equal_ = 0;
    std::uint64_t executions_ = 0;
    std::uint64_t blocked_ = 0;
};

}  // namespace

void add_litmus(Parser app, const Session& session, Action& action) {
    const Parser command =
        app.add_subcommand("litmus", "litmus tests with the rc11 engine against what is known");
    const auto paths = std::make_shared<std::vector<std::string>>();
    command.add_option("FILE", *paths, "litmus tests with their executions and outcomes as JSON")
        .required();
    command.footer(
        "Examples:\n"
        "  parley litmus tests.json\n"
        "\n"
        "Exit code: 0 all agree, 1 some do not, 2 bad input, 3 interrupted.");
    command.callback([&action, &session, paths] {
        action = [&session, paths] { return LitmusRun(session).run(*paths); };
    });
}

}  // namespace parley::cli
