#include "parley/checker/checkpoint.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace parley::checker {

namespace {

/// The program itself: the code under check is in it.
std::uint64_t build_checksum() {
    constexpr std::size_t block_bytes = std::size_t{1} << 20U;
    std::ifstream program("/proc/self/exe", std::ios::binary);
    std::vector<char> block(block_bytes);
    Checksum checksum;
    do {
        program.read(block.data(), static_cast<std::streamsize>(block.size()));
        checksum.add(block.data(), static_cast<std::size_t>(program.gcount()));
    } while (program);
    return checksum.value();
}

std::string text_of(const Subject& subject, const CheckOptions& check) {
    std::string text = fmt::format("{}+{} {} shard={}/{} fairness={}", subject.protocol,
                                   subject.mutant, check.scheduler, check.shard, check.shards,
                                   check.is_safety_only ? "safety only" : check.fairness);
    for (const auto& [name, value] : subject.bounds) text += fmt::format(" {}={}", name, value);
    return text;
}

}  // namespace

Checkpoint::Checkpoint(const Subject& subject, const CheckOptions& check)
    : Checkpoint(check.checkpoint, check.checkpoint_seconds, text_of(subject, check)) {}

Checkpoint::Checkpoint(std::string path, double seconds, const std::string& what)
    : path_(std::move(path)), seconds_(seconds) {
    if (path_.empty()) return;
    identity_ = fmt::format("{} build={:x}", what, build_checksum());
    if (!exists()) SnapshotWriter{path_};
}

bool Checkpoint::exists() const {
    std::error_code ignored;
    return !path_.empty() && std::filesystem::exists(path_, ignored);
}

void Checkpoint::remove() const {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

}  // namespace parley::checker
