#include "parley/checker/cli/check_request.hpp"
#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/number_option.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/progress_line.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/cli/stress_engine.hpp"
#include "parley/checker/engines.hpp"
#include "parley/checker/render/matrix.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

namespace parley::cli {

namespace {

using checker::ProtocolEntry;
using checker::Report;
using checker::VariantEntry;
using checker::Verdict;
using checker::render::Find;
using checker::render::MatrixCell;

/// What the user asked `mutants` to do.
struct MutantsRequest {
    std::vector<std::string> protocols;
    std::vector<std::string> engines;
    std::optional<double> seconds;
    checker::CheckOptions options;
};

bool is_seen_by(const specs::model::Mutant& mutant, std::string_view engine) {
    if (engine == "explore") return mutant.seen_by_explore;
    if (engine == "relacy") return mutant.seen_by_relacy;
    if (checker::is_rc11(engine)) return mutant.seen_by_rc11;
    if (engine == "stress") return mutant.seen_by_stress;
    return (engine == "tsan" || engine == "fibers") && mutant.seen_by_tsan;
}

const VariantEntry* find_variant(const ProtocolEntry& protocol, std::string_view engine,
                                 std::string_view mutant) {
    for (const auto& entry : protocol.engines) {
        if (entry.engine != engine) continue;
        for (const VariantEntry& variant : entry.variants) {
            if (variant.mutant.name == mutant) return &variant;
        }
    }
    return nullptr;
}

/// The original's name, which is none, and those of all mutants.
std::vector<specs::model::Mutant> variants_of(const ProtocolEntry& protocol) {
    std::vector<specs::model::Mutant> variants;
    for (const auto& entry : protocol.engines) {
        for (const VariantEntry& variant : entry.variants) {
            const auto is_same = [&](const auto& each) { return each.name == variant.mutant.name; };
            if (std::ranges::none_of(variants, is_same)) variants.push_back(variant.mutant);
        }
    }
    return variants;
}

/// Checks the checkers: every mutant with every engine that should see it.
class MutantsRun {
 public:
    MutantsRun(const MutantsRequest& request, const Session& session)
        : request_(request),
          protocols_(select_protocols(session.catalog, request.protocols)),
          engines_(select_engines(session.catalog, request.engines)),
          progress_(session.terminal.has_progress) {
        check_tsan_options_for(engines_);
        options_ = request.options;
        options_.stop = session.stop;
        options_.progress = [this](double done, double rate) { progress_.show(done, rate); };
        style_.colour = session.terminal.has_colour;
    }

    int run() {
        for (const ProtocolEntry* protocol : protocols_) run_protocol(*protocol);
        if (!complaints_.empty()) say("\n" + complaints_);
        std::string_view originals = "; the originals are clean";
        if (!is_clean_) {
            originals = "; an original is not clean";
        } else if (options_.is_stopped()) {
            originals = "";
        }
        say(fmt::format("\n{} mutants, {} killed by every engine that should see them{}\n",
                        mutant_count_, killed_count_, originals));
        if (options_.is_stopped()) {
            say("interrupted\n");
            return complaints_.empty() ? checker::exit_code(Verdict::incomplete) : 1;
        }
        return complaints_.empty() ? 0 : 1;
    }

 private:
    /// An engine that the protocol is not for has nothing to find.
    static bool has_engine(const ProtocolEntry& protocol, std::string_view engine) {
        return std::ranges::find(protocol.engines, engine, &checker::EngineEntry::engine) !=
               protocol.engines.end();
    }

    void run_protocol(const ProtocolEntry& protocol) {
        const auto is_built = [&](std::string_view engine) { return has_engine(protocol, engine); };
        if (std::ranges::none_of(engines_, is_built)) return;
        say(checker::render::matrix_head(protocol.name, engines_, style_));
        for (const specs::model::Mutant& mutant : variants_of(protocol)) {
            if (options_.is_stopped()) return;
            run_variant(protocol, mutant);
        }
    }

    void run_variant(const ProtocolEntry& protocol, const specs::model::Mutant& mutant) {
        std::vector<MatrixCell> cells;
        bool is_as_expected = true;
        for (const std::string_view engine : engines_) {
            cells.push_back(run_cell(protocol, engine, mutant));
            is_as_expected = is_as_expected && checker::render::is_as_expected(cells.back().find);
        }
        progress_.clear();
        const bool is_original = mutant.name.empty();
        say(checker::render::matrix_row(is_original ? "(original)" : mutant.name, cells, style_));
        if (is_original) {
            is_clean_ = is_clean_ && is_as_expected;
        } else {
            ++mutant_count_;
            if (is_as_expected) ++killed_count_;
        }
    }

    MatrixCell run_cell(const ProtocolEntry& protocol, std::string_view engine,
                        const specs::model::Mutant& mutant) {
        const bool is_original = mutant.name.empty();
        if (!has_engine(protocol, engine)) return {};
        if (options_.is_stopped() || (!is_original && !is_seen_by(mutant, engine))) return {};
        const std::string name = fmt::format("{}{}{} with {}", protocol.name,
                                             is_original ? "" : " + ", mutant.name, engine);
        const VariantEntry* variant = find_variant(protocol, engine, mutant.name);
        if (variant == nullptr) return complain(name, "is not built", Find::survived);
        checker::CheckOptions options = options_;
        options.seconds = is_original ? default_seconds(engine) : request_.seconds.value_or(20);
        if (engine == "fibers") options.scheduler = as_found;
        progress_.start(name);
        Report report;
        try {
            report = variant->runner.check(options);
        } catch (const checker::InternalError& error) {
            return complain(name, fmt::format("ends in an internal error: {}", error.what()),
                            is_original ? Find::unclean : Find::survived);
        }
        if (is_original) return judge_original(name, report);
        return judge_mutant(name, report, mutant);
    }

    MatrixCell judge_original(const std::string& name, const Report& report) {
        const bool is_clean =
            report.verdict == Verdict::verified || report.verdict == Verdict::passed;
        if (is_clean) return {Find::clean, report.seconds};
        if (options_.is_stopped() && report.verdict == Verdict::incomplete) return {};
        return complain(name,
                        fmt::format("is not clean: {} {}", name_of(report.verdict), why(report)),
                        Find::unclean);
    }

    MatrixCell judge_mutant(const std::string& name, const Report& report,
                            const specs::model::Mutant& mutant) {
        if (report.verdict != Verdict::violated || !report.trace) {
            if (options_.is_stopped()) return {};
            return complain(name, "survived", Find::survived);
        }
        if (mutant.expects(report.trace->violation.property)) {
            return {Find::found, report.seconds};
        }
        return complain(name, "fails a property that is none of the mutant's: " + why(report),
                        Find::mistaken);
    }

    static std::string why(const Report& report) {
        return report.trace ? report.trace->violation.property : report.reason;
    }

    MatrixCell complain(const std::string& name, const std::string& what, Find find) {
        complaints_ += fmt::format("{} {}\n", name, what);
        return {find, 0};
    }

    const MutantsRequest& request_;
    Protocols protocols_;
    Engines engines_;
    ProgressLine progress_;
    checker::CheckOptions options_;
    checker::render::TableStyle style_;
    std::string complaints_;
    std::size_t mutant_count_ = 0;
    std::size_t killed_count_ = 0;
    bool is_clean_ = true;
};

}  // namespace

void add_mutants(Parser app, const Session& session, Action& action) {
    const Parser command =
        app.add_subcommand("mutants", "check the checkers: planted bugs that must be found");
    const auto request = std::make_shared<MutantsRequest>();
    command.add_option("PROTOCOL", request->protocols, "protocols; all when none is named");
    command.add_option("--engine,-e", request->engines, "only these engines")
        .type_name("ENGINE")
        .one_value_each();
    add_seconds(command, request->seconds, "time for each mutant and engine (20)");
    add_number<std::uint64_t>(command, "--seed", request->options.seed, 0,
                              std::numeric_limits<std::uint64_t>::max(),
                              "seed of everything that is drawn (1)");
    command.footer(
        "Prints the time that each engine took to find each mutant; - where it need not.\n"
        "Examples:\n"
        "  parley mutants                     all\n"
        "  parley mutants send -e relacy      one protocol, one engine\n"
        "\n"
        "Exit code: 0 all found and the originals clean, 1 otherwise.");
    command.callback([&action, &session, request] {
        action = [&session, request] { return MutantsRun(*request, session).run(); };
    });
}

}  // namespace parley::cli
