#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/progress_line.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/order_finding.hpp"
#include "parley/checker/render/chart.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
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
    std::vector<std::string> protocols;
    std::vector<std::string> settings;
    bool has_charts = true;
    checker::CheckOptions options;
};

/// Which memory orders the checks of some protocols need.
class OrdersRun {
 public:
    OrdersRun(const OrdersRequest& request, const Session& session)
        : request_(request),
          protocols_(select_protocols(session.catalog, request.protocols)),
          progress_(session.terminal.has_progress) {
        options_ = request.options;
        options_.bounds = select_bounds(protocols_, request.settings);
        options_.stop = session.stop;
        options_.progress = [this](double done, double rate) { progress_.show(done, rate); };
        style_.colour = session.terminal.has_colour;
    }

    int run() {
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
            tell(original.orders(options_));
        }
    }

    /// An order that is necessary is no violation of the protocol: only the original counts.
    void tell(const OrderFindings& found) {
        progress_.clear();
        say(checker::render::report_text(found.original, "", style_));
        std::string summary;
        for (const OrderFinding& finding : found.findings) {
            if (finding.is_necessary() && request_.has_charts) {
                say(fmt::format("\n  {} made {}\n\n{}", described(finding), finding.weakened,
                                chart(*finding.report.trace, style_)));
            }
            summary += fmt::format("  {:<52} {}\n", described(finding), conclusion(finding));
            if (finding.report.verdict == Verdict::incomplete) reports_.push_back(finding.report);
        }
        say("\n" + summary + "\n");
        reports_.push_back(found.original);
    }

    static std::string described(const OrderFinding& finding) {
        return fmt::format("{} {} {}", finding.place, finding.what, finding.order);
    }
    static std::string conclusion(const OrderFinding& finding) {
        if (finding.is_necessary()) {
            return fmt::format("necessary ({}: {})", finding.weakened,
                               finding.report.trace->violation.property);
        }
        if (finding.report.verdict == Verdict::verified) {
            return fmt::format("stronger than this check needs ({} will do)", finding.weakened);
        }
        return fmt::format("unknown ({}: {})", finding.weakened, name_of(finding.report.verdict));
    }

    const OrdersRequest& request_;
    Protocols protocols_;
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
    command.add_option("PROTOCOL", request->protocols, "protocols; all when none is named");
    command
        .add_option("--set,-s", request->settings,
                    "set a bound of the scripts, as in --set rounds=3")
        .type_name("BOUND=VALUE")
        .one_value_each();
    command.add_flag("!--no-charts", request->has_charts, "only what is found");
    command.footer(
        "Makes each memory order in the code under check weaker by one step and looks at\n"
        "every execution that RC11 allows, over the real queue.\n"
        "Examples:\n"
        "  parley orders spsc_queue\n"
        "  parley orders send --no-charts\n"
        "\n"
        "Exit code: 0 each order is known to be necessary or not, 1 a property is violated\n"
        "as the code is, 2 bad input, 3 undecided or interrupted.");
    command.callback([&action, &session, request] {
        action = [&session, request] { return OrdersRun(*request, session).run(); };
    });
}

}  // namespace parley::cli
