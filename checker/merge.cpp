#include "parley/checker/merge.hpp"

#include "parley/checker/engines.hpp"
#include "parley/checker/meaning.hpp"
#include "parley/checker/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace parley::checker {

namespace {

/// "seed:shard/shards".
struct Part {
    std::uint64_t seed;
    std::uint32_t shard;
    std::uint32_t shards;

    auto operator<=>(const Part&) const = default;
};

std::string name_of_check(const Report& report) {
    std::string name = report.protocol;
    if (!report.mutant.empty()) name += "+" + report.mutant;
    name += " with " + report.engine;
    if (!report.scheduler.empty()) name += " " + report.scheduler;
    if (report.depth != 0) name += fmt::format(" depth={}", report.depth);
    for (const auto& [bound, value] : report.bounds) name += fmt::format(" {}={}", bound, value);
    return name;
}

std::optional<Part> read_part(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::size_t slash = std::min(text.find('/', colon), text.size());
    if (slash == text.size()) return std::nullopt;
    const auto seed = read_number<std::uint64_t>(text.substr(0, colon));
    const auto shard = read_number<std::uint32_t>(text.substr(colon + 1, slash - colon - 1));
    const auto shards = read_number<std::uint32_t>(text.substr(slash + 1));
    if (!seed || !shard || !shards || *shard < 1 || *shard > *shards) return std::nullopt;
    return Part{*seed, *shard, *shards};
}

/// Verdicts from good to bad.
int badness(Verdict verdict) {
    constexpr std::array order{Verdict::verified, Verdict::passed, Verdict::vacuous,
                               Verdict::incomplete, Verdict::violated};
    return static_cast<int>(std::ranges::find(order, verdict) - order.begin());
}

void add_up(std::vector<std::pair<std::string, std::uint64_t>>& sums,
            const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
    for (const auto& [name, count] : counts) {
        const auto found =
            std::ranges::find(sums, name, [](const auto& sum) -> const auto& { return sum.first; });
        if (found == sums.end()) {
            sums.emplace_back(name, count);
        } else {
            found->second += count;
        }
    }
}

void add_counts(Report& sum, const Report& more) {
    add_up(sum.counts, more.counts);
    add_up(sum.outcomes, more.outcomes);
    sum.seconds += more.seconds;
}

void take_verdict(Report& sum, const Report& report) {
    sum.verdict = report.verdict;
    sum.reason = report.reason;
    sum.trace = report.trace;
    sum.lifted = report.lifted;
    sum.shrunk = report.shrunk;
}

/// What one part has not reached of the page another may have: that is for all of them to say.
Verdict verdict_but_for_page(const Report& report) {
    return report.unreached.empty() ? report.verdict : Verdict::passed;
}

/// Reports of one check, that are put into one.
class Merging {
 public:
    explicit Merging(const ReportFile& file, const Report& first)
        : check_(name_of_check(first)), merged_(first) {
        merged_.parts.clear();
        merged_.verdict = verdict_but_for_page(first);
        if (merged_.verdict == Verdict::passed) merged_.reason.clear();
        merged_.unreached.clear();
        take_parts(file, first);
    }

    const std::string& check() const { return check_; }

    void add(const ReportFile& file, const Report& report) {
        take_parts(file, report);
        add_counts(merged_, report);
        add_reached(file, report);
        const Verdict verdict = verdict_but_for_page(report);
        if (badness(verdict) <= badness(merged_.verdict)) return;
        take_verdict(merged_, report);
        merged_.verdict = verdict;
    }

    Report result() {
        for (const Part& part : parts_) {
            merged_.parts.push_back(fmt::format("{}:{}/{}", part.seed, part.shard, part.shards));
        }
        if (is_whole_search()) {
            merged_.verdict = Verdict::verified;
            require_promises(merged_, merged_.coverage);
        }
        explain(merged_);
        settle_coverage({&merged_, 1});
        return std::move(merged_);
    }

 private:
    /// All parts of a search that takes every execution are here, and nothing is wrong with them.
    bool is_whole_search() const {
        const Part& first = *parts_.begin();
        return is_rc11(merged_.engine) && merged_.verdict == Verdict::passed &&
               merged_.count("executions") > 0 && parts_.size() == first.shards &&
               std::ranges::all_of(parts_, [&](const Part& part) {
                   return part.seed == first.seed && part.shards == first.shards;
               });
    }

    /// A file that was written by another build may be of another page.
    void add_reached(const ReportFile& file, const Report& report) {
        const auto has_same_page = [&] {
            for (std::size_t party = 0; party < 2; ++party) {
                const auto& ours = merged_.coverage->transitions[party];
                const auto& theirs = report.coverage->transitions[party];
                if (!std::ranges::equal(ours, theirs, {}, &TransitionUse::text,
                                        &TransitionUse::text)) {
                    return false;
                }
            }
            return true;
        };
        if (merged_.coverage.has_value() != report.coverage.has_value() ||
            (merged_.coverage && !has_same_page())) {
            throw InputError(
                fmt::format("{} is of another page than the files before it", file.name));
        }
        if (merged_.coverage) add_coverage(*merged_.coverage, *report.coverage);
    }

    void take_parts(const ReportFile& file, const Report& report) {
        const auto is_executions = [](const auto& count) { return count.first == "executions"; };
        if (report.verdict == Verdict::verified ||
            std::ranges::none_of(report.counts, is_executions)) {
            throw InputError(fmt::format("{}: {} was a search, not a number of runs that add up",
                                         file.name, check_));
        }
        std::vector<std::string> texts = report.parts;
        if (texts.empty()) texts.push_back(fmt::format("{}:1/1", report.seed));
        for (const std::string& text : texts) {
            const auto part = read_part(text);
            if (!part) {
                throw InputError(fmt::format("{}: '{}' is no part of a campaign", file.name, text));
            }
            for (const Part& other : parts_) {
                if (other.seed != part->seed) continue;
                if (other.shards == part->shards && other.shard != part->shard) continue;
                throw InputError(fmt::format("{}: runs of seed {}, shard {}/{}, would count twice",
                                             file.name, part->seed, part->shard, part->shards));
            }
            parts_.insert(*part);
        }
    }

    std::string check_;
    Report merged_;
    std::set<Part> parts_;
};

}  // namespace

std::string part_of_campaign(const CheckOptions& check) {
    return fmt::format("{}:{}/{}", check.seed, check.shard, check.shards);
}

void add_runs(Report& sum, const Report& more) {
    add_counts(sum, more);
    if (sum.coverage && more.coverage) add_coverage(*sum.coverage, *more.coverage);
    const bool is_ended = more.verdict == Verdict::violated || more.verdict == Verdict::incomplete;
    if (is_ended || badness(more.verdict) < badness(sum.verdict)) {
        take_verdict(sum, more);
    }
    if (more.verdict == Verdict::violated) sum.seed = more.seed;
    explain(sum);
}

std::vector<Report> merge_reports(const std::vector<ReportFile>& files) {
    std::vector<Merging> checks;
    for (const ReportFile& file : files) {
        const bool is_first = &file == &files.front();
        if (!is_first && file.reports.size() != checks.size()) {
            throw InputError(
                fmt::format("{} has {} reports, {} has {}: they are of different "
                            "commands",
                            file.name, file.reports.size(), files.front().name, checks.size()));
        }
        for (std::size_t i = 0; i < file.reports.size(); ++i) {
            const Report& report = file.reports[i];
            if (is_first) {
                checks.emplace_back(file, report);
                continue;
            }
            if (const std::string check = name_of_check(report); check != checks[i].check()) {
                throw InputError(fmt::format("{} is of another check than {}: {}, not {}",
                                             file.name, files.front().name, check,
                                             checks[i].check()));
            }
            checks[i].add(file, report);
        }
    }
    std::vector<Report> merged;
    for (Merging& each : checks) merged.push_back(each.result());
    return merged;
}

}  // namespace parley::checker
