#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/number_option.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/page_server.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/cli/traces.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/render/explorer_page.hpp"
#include "parley/checker/render/result.hpp"
#include "parley/checker/render/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::cli {

namespace {

using checker::CheckOptions;
using checker::InputError;
using checker::render::ExplorerModel;

/// What the user asked `explore` to do.
struct ExploreRequest {
    std::string protocol;
    std::string mutant;
    std::vector<std::string> settings;
    std::string transport;
    std::vector<std::string> traces;
    std::string html;
    std::uint32_t port = 0;
    std::uint32_t states_max = 3'000;
};

/// How far a counterexample is looked for before the page is there.
constexpr std::uint64_t states_searched_max = 1'000'000;

/// "0.2.1" as numbers.
checker::StepNumbers parse_steps(std::string_view text) {
    checker::StepNumbers steps;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('.'), text.size());
        const auto number = checker::read_number<std::uint32_t>(text.substr(0, end));
        if (!number) throw InputError("steps are numbers with dots between them");
        steps.push_back(*number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return steps;
}

/// A page to walk through one variant of a protocol.
class ExploreRun {
 public:
    ExploreRun(const ExploreRequest& request, const Session& session)
        : request_(request),
          session_(session),
          protocol_(find_protocol(session.catalog, request.protocol)),
          variant_(*select_jobs({&protocol_}, {"explore"}, request.mutant).front().variant),
          file_(request.html) {
        options_.bounds = select_bounds({&protocol_}, request.settings);
        if (!request.transport.empty()) {
            const auto [name, faults] = select_transport(request.transport);
            if (!name.empty()) options_.bounds[name] = faults;
        }
        options_.stop = session.stop;
    }

    int run() {
        ExplorerModel model = begin_model();
        if (!request_.html.empty()) return write_page(model);
        const std::string page = checker::render::explorer_page(model);
        serve_page(
            static_cast<int>(request_.port),
            [&](const std::string& address) {
                say(fmt::format("{} at {}\nCtrl-C ends it.\n", protocol_.name, address));
            },
            [&](std::string_view path, const std::string& steps) {
                return answer(page, path, steps);
            },
            [&] { return session_.is_stopped(); });
        return 0;
    }

 private:
    ExplorerModel begin_model() const {
        const auto start = variant_.walks.through(options_, {});
        ExplorerModel model{.protocol = std::string{protocol_.name},
                            .mutant = request_.mutant,
                            .bounds = checker::render::bounds_text(start.trace.bounds),
                            .left = start.trace.left,
                            .right = start.trace.right,
                            .page = protocol_.page == nullptr ? nullptr : &protocol_.page(),
                            .counterexamples = {},
                            .states = {}};
        CheckOptions search = options_;
        search.states_max = states_searched_max;
        add_counterexample(model, start, variant_.runner.check(search));
        for (const std::string& path : request_.traces) {
            for (const checker::Report& report : read_failures(path)) {
                if (report.protocol != protocol_.name) {
                    throw InputError(fmt::format("{}: is of {}, not of {}", path, report.protocol,
                                                 protocol_.name));
                }
                add_counterexample(model, start, report);
            }
        }
        return model;
    }

    /// A run of explore without a loop can be walked; any other one is only shown.
    void add_counterexample(ExplorerModel& model, const checker::Walkthrough& start,
                            const checker::Report& report) const {
        if (report.verdict != checker::Verdict::violated || !report.trace) return;
        checker::render::Counterexample example{checker::render::title_of(report), std::nullopt,
                                                *report.trace};
        const bool is_same_variant = report.engine == "explore" &&
                                     report.mutant == request_.mutant &&
                                     report.trace->bounds == start.trace.bounds;
        if (is_same_variant && !report.trace->loop_begin) {
            example.steps = variant_.walks.steps_of(options_, report.trace->choices);
        }
        model.counterexamples.push_back(std::move(example));
    }

    int write_page(ExplorerModel& model) const {
        bool is_whole = true;
        variant_.walks.everywhere(
            options_, request_.states_max,
            [&](const checker::Walkthrough& here, const std::vector<std::size_t>& targets) {
                is_whole = is_whole && std::ranges::find(targets, SIZE_MAX) == targets.end();
                model.states.push_back({here, targets});
            });
        file_.write(checker::render::explorer_page(model));
        say(fmt::format("{}: {} places{}\n", request_.html, model.states.size(),
                        is_whole ? ", all there are" : ", the nearest; --states-max for more"));
        return 0;
    }

    Answer answer(const std::string& page, std::string_view path, const std::string& steps) const {
        if (path == "/") return {200, "text/html; charset=utf-8", page};
        if (path != "/view") return {404, "text/plain", "there is nothing"};
        try {
            const auto here = variant_.walks.through(options_, parse_steps(steps));
            return {200, "application/json", checker::render::walk_json(here)};
        } catch (const InputError& error) {
            return {400, "application/json", checker::render::walk_error_json(error.what())};
        }
    }

    const ExploreRequest& request_;
    const Session& session_;
    const checker::ProtocolEntry& protocol_;
    const checker::VariantEntry& variant_;
    OutputFile file_;
    CheckOptions options_;
};

}  // namespace

void add_explore(Parser app, const Session& session, Action& action) {
    const Parser command = app.add_subcommand("explore", "walk through a protocol in a browser");
    const auto request = std::make_shared<ExploreRequest>();
    command.add_option("PROTOCOL", request->protocol, "the protocol").required();
    command.add_option("--mutant,-m", request->mutant, "a variant with a planted bug")
        .type_name("NAME");
    command.add_option("--set,-s", request->settings, "set a bound, as in --set rounds=3")
        .type_name("BOUND=VALUE")
        .one_value_each();
    command
        .add_option("--transport", request->transport,
                    "fifo, lossy:FAULTS, duplicating:FAULTS or reordering queues")
        .type_name("KIND");
    command
        .add_option("--trace", request->traces,
                    "counterexamples of any engine to jump to, from check --json")
        .type_name("FILE")
        .one_value_each();
    add_number<std::uint32_t>(command, "--port", request->port, 0, 65'535,
                              "port on the loopback interface (0: any free one)");
    command
        .add_option("--html", request->html, "write a page that needs no server, and serve nothing")
        .type_name("FILE");
    add_number<std::uint32_t>(command, "--states-max", request->states_max, 1, 100'000,
                              "html: most states in the file (3000)");
    command.footer(
        "The page shows where both parties are in the diagrams of their page, what is in the\n"
        "queues, who owns what, which steps are open, and the chart so far. A number takes a\n"
        "step, the left arrow goes back, and the address is where you are.\n"
        "\n"
        "Examples:\n"
        "  parley explore cancelable_one_shot\n"
        "  parley explore subscription --mutant notify_after_ack --trace relacy.json\n"
        "  parley explore send --set items=2 --html send.html");
    command.callback([&action, &session, request] {
        action = [&session, request] { return ExploreRun(*request, session).run(); };
    });
}

}  // namespace parley::cli
