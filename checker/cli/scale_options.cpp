#include "parley/checker/cli/scale_options.hpp"

#include "parley/checker/cli/number_option.hpp"
#include "parley/checker/engines.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace parley::cli {

namespace {

constexpr std::uint64_t memory_min = std::uint64_t{1} << 20U;
constexpr std::uint32_t shards_max = 1'000'000;
constexpr std::uint32_t threads_max = 64;

/// "300M": bytes, with K, M, G or T for powers of 1024.
std::uint64_t read_size(std::string_view text) {
    constexpr std::string_view units = "KMGT";
    std::string_view digits = text;
    unsigned shift = 0;
    if (const auto unit = text.empty() ? text.npos : units.find(text.back()); unit != text.npos) {
        shift = 10 * (static_cast<unsigned>(unit) + 1);
        digits.remove_suffix(1);
    }
    const auto number = checker::read_number<std::uint64_t>(digits);
    if (!number || *number > (std::numeric_limits<std::uint64_t>::max() >> shift) ||
        (*number << shift) < memory_min) {
        throw checker::InputError(
            fmt::format("--memory must be a size of 1M or more, such as 300M or 2G, not '{}'",
                        checker::render::printable(std::string{text})));
    }
    return *number << shift;
}

/// "2/8".
void read_shard(std::string_view text, std::uint32_t& target, std::uint32_t& targets) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto shard = checker::read_number<std::uint32_t>(text.substr(0, slash));
    const auto shards =
        checker::read_number<std::uint32_t>(text.substr(std::min(slash + 1, text.size())));
    if (!shard || !shards || *shard < 1 || *shard > *shards || *shards > shards_max) {
        throw checker::InputError(
            fmt::format("--shard must be I/N with I from 1 to N, as in 2/8, not '{}'",
                        checker::render::printable(std::string{text})));
    }
    target = *shard;
    targets = *shards;
}

}  // namespace

void add_scale_options(Parser command, CheckRequest& request) {
    checker::CheckOptions& options = request.options;
    command
        .add_option(
            "--memory", [&](const std::string& text) { options.memory_max = read_size(text); },
            "explore: most memory for its tables, as in 300M or 2G")
        .type_name("SIZE");
    command
        .add_option("--checkpoint", options.checkpoint,
                    "explore, rc11: keep what is known in a file, and go on from it if it is there")
        .type_name("FILE");
    add_seconds(command, request.checkpoint_seconds, "time between two checkpoints (30)",
                "--checkpoint-seconds");
    add_shard(command, options.shard, options.shards,
              "random, pct, bursty, rc11: the I-th of N parts of the runs, to be put together with "
              "merge");
    add_number<std::uint32_t>(command, "--threads", options.threads, 1, threads_max,
                              "explore: threads of a search (1); rc11: processes (all cores, "
                              "where it pays)");
}

void add_shard(Parser command, std::uint32_t& shard, std::uint32_t& shards,
               const std::string& description) {
    command
        .add_option(
            "--shard", [&](const std::string& text) { read_shard(text, shard, shards); },
            description)
        .type_name("I/N");
}

void require_scale_options(const CheckRequest& request, const std::vector<Job>& jobs,
                           const Schedulers& schedulers) {
    const bool is_explore =
        std::ranges::all_of(jobs, [](const Job& job) { return job.engine == "explore"; });
    const std::string scheduler = schedulers.of("explore");
    const bool is_drawn = !scheduler.empty() && scheduler != "exhaustive";
    const bool is_rc11 =
        std::ranges::all_of(jobs, [](const Job& job) { return checker::is_rc11(job.engine); });
    const bool is_exhaustive = is_rc11 || (is_explore && !is_drawn);
    if (!request.options.checkpoint.empty() && (jobs.size() != 1 || !is_exhaustive)) {
        throw checker::InputError(
            "--checkpoint is for one exhaustive search: name a protocol and --engine explore or "
            "rc11");
    }
    if (request.checkpoint_seconds && request.options.checkpoint.empty()) {
        throw checker::InputError("--checkpoint-seconds needs --checkpoint");
    }
    if (request.options.is_reduced && (is_drawn || !request.options.checkpoint.empty())) {
        throw checker::InputError("--reduce is for an exhaustive search without --checkpoint");
    }
    if (request.options.shards > 1 && !is_rc11 && (!is_explore || !is_drawn)) {
        throw checker::InputError(
            "--shard needs --engine rc11, or --engine explore and --random or --pct");
    }
}

std::string_view used_scale_option(const CheckRequest& request) {
    const checker::CheckOptions none;
    if (request.options.memory_max != none.memory_max) return "--memory";
    if (request.options.threads != none.threads) return "--threads";
    if (request.options.is_reduced) return "--reduce";
    if (request.options.checkpoint != none.checkpoint) return "--checkpoint";
    if (request.checkpoint_seconds) return "--checkpoint-seconds";
    if (request.options.shards != none.shards) return "--shard";
    return "";
}

}  // namespace parley::cli
