#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/program_orders.hpp"
#include "parley/checker/cli/progress_line.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/order_finding.hpp"
#include "parley/checker/render/chart.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::cli {

namespace {

using checker::OrderFinding;
using checker::OrderFindings;
using checker::ProtocolEntry;
using checker::Report;
using checker::Verdict;

struct OrdersRequest {
    std::vector<std::string> names;  ///< protocols; or a program and some of its arguments
    std::vector<std::string> settings;
    bool has_charts = true;
    checker::CheckOptions options;
};

/// Which memory orders the checks of some protocols need, or those that a program makes.
class OrdersRun {
 public:
    OrdersRun(const OrdersRequest& request, const Session& session)
        : request_(request), progress_(session.terminal.has_progress) {
        options_ = request.options;
        if (!request.names.empty() && is_program(request.names.front())) {
            if (!request.settings.empty()) {
                throw checker::InputError("a program has no bounds: --set is for protocols");
            }
            program_ = request.names;
            program_.insert(program_.end(), session.arguments.begin(), session.arguments.end());
        } else {
            if (!session.arguments.empty()) {
                throw checker::InputError("what follows -- is for a program, named by a path");
            }
            protocols_ = select_protocols(session.catalog, request.names);
            options_.bounds = select_bounds(protocols_, request.settings);
        }
        options_.stop = session.stop;
        options_.progress = [this](double done, double rate) { progress_.show(done, rate); };
        style_.colour = session.terminal.has_colour;
    }

    int run() {
        if (!program_.empty()) {
            progress_.start(program_.front());
            const OrderFindings found = find_orders_of_program(program_, options_.stop);
            tell(found, program_text(found.original));
        }
        for (const ProtocolEntry* protocol : protocols_) {
            if (!options_.is_stopped()) run_protocol(*protocol);
        }
        progress_.clear();
        if (reports_.empty()) {
            throw checker::InputError("memory orders are what engine rc11 finds: it is not built");
        }
        return checker::exit_code(reports_, options_.is_stopped());
    }

 private:
    void run_protocol(const ProtocolEntry& protocol) {
        for (const auto& engine : protocol.engines) {
            const auto& original = engine.variants.front();
            if (!original.orders) continue;
            progress_.start(std::string{protocol.name});
            const OrderFindings found = original.orders(options_);
            tell(found, checker::render::report_text(found.original, "", style_));
        }
    }

    /// An order that is necessary is no violation of the protocol: only the original counts.
    void tell(const OrderFindings& found, std::string_view original) {
        progress_.clear();
        say(original);
        std::string summary;
        std::size_t width = 0;
        for (const OrderFinding& finding : found.findings) {
            width = std::max(width, described(finding).size());
        }
        for (const OrderFinding& finding : found.findings) {
            if (finding.is_necessary() && request_.has_charts) {
                say(fmt::format("\n  {} made {}\n\n{}", described(finding), finding.weakened,
                                counterexample(finding)));
            }
            summary +=
                fmt::format("  {:<{}}  {}\n", described(finding), width, conclusion(finding));
            if (finding.report.verdict == Verdict::incomplete) reports_.push_back(finding.report);
        }
        say("\n" + summary + "\n");
        reports_.push_back(found.original);
    }

    std::string counterexample(const OrderFinding& finding) const {
        const auto& trace = finding.report.trace;
        return trace ? chart(*trace, style_) : finding.counterexample;
    }
    static std::string described(const OrderFinding& finding) {
        return fmt::format("{} {} {}", finding.place, finding.what, finding.order);
    }
    static std::string conclusion(const OrderFinding& finding) {
        if (finding.is_necessary()) {
            return fmt::format("necessary ({}: {})", finding.weakened, finding.property());
        }
        if (finding.report.verdict == Verdict::verified) {
            return fmt::format("stronger than this check needs ({} will do)", finding.weakened);
        }
        return fmt::format("unknown ({}: {})", finding.weakened, name_of(finding.report.verdict));
    }

    /// It has neither bounds nor a seed.
    std::string program_text(const Report& report) const {
        namespace render = checker::render;
        return fmt::format("{} with {}: {}\n", render::printable(report.protocol), report.engine,
                           render::paint(checker::name_of(report.verdict),
                                         render::colour_of(report.verdict), style_.colour)) +
               render::labelled("reason", report.reason, style_.columns) +
               render::labelled("counts", render::counts_text(report.counts), style_.columns) +
               render::labelled("time", render::duration(report.seconds), style_.columns);
    }

    const OrdersRequest& request_;
    Protocols protocols_;
    std::vector<std::string> program_;  ///< and its arguments; empty: it is about protocols
    ProgressLine progress_;
    checker::CheckOptions options_;
    checker::render::ChartStyle style_;
    std::vector<Report> reports_;
};

}  // namespace

void add_orders(Parser app, const Session& session, Action& action) {
    const Parser command =
        app.add_subcommand("orders", "which memory orders are necessary, with counterexamples");
    const auto request = std::make_shared<OrdersRequest>();
    command.add_option("PROTOCOL|TEST", request->names,
                       "protocols, all when none is named; or the path of a program that calls\n"
                       "rc11::verify(), with a slash in it, and the program's own arguments");
    command
        .add_option("--set,-s", request->settings,
                    "set a bound of the scripts, as in --set rounds=3")
        .type_name("BOUND=VALUE")
        .one_value_each();
    command.add_flag("!--no-charts", request->has_charts, "only what is found");
    command.footer(
        "Makes each memory order in the code under check weaker by one step and looks at\n"
        "every execution that RC11 allows: of protocols, over the real queue; of each verify()\n"
        "that a program of parley_add_model_check() calls. Of an order that several of them say\n"
        "it is enough that one needs it.\n"
        "Examples:\n"
        "  parley orders spsc_queue\n"
        "  parley orders send --no-charts\n"
        "  parley orders build/queue_test\n"
        "  parley orders --no-charts build/queue_test -- \"[ring]\" --abort\n"
        "\n"
        "Exit code: 0 each order is known to be necessary or not, 1 a property is violated\n"
        "as the code is, 2 bad input, 3 undecided or interrupted.");
    command.callback([&action, &session, request] {
        action = [&session, request] { return OrdersRun(*request, session).run(); };
    });
}

}  // namespace parley::cli
