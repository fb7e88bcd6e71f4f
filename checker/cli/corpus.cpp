#include "parley/checker/cli/corpus.hpp"

#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/traces.hpp"
#include "parley/checker/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <system_error>
#include <utility>

namespace parley::cli {

namespace {

namespace fs = std::filesystem;
using checker::InputError;
using checker::Report;

/// Tells runs apart in names of files, by what the parties sent and received: FNV-1a (Fowler, Noll
/// and Vo) over the events that are messages.
std::uint64_t fingerprint(const checker::Trace& trace) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&](std::string_view text) {
        for (const char c : text) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        }
    };
    for (const checker::Event& event : trace.events) {
        if (event.memory) continue;
        add(event.party == model::Party::left ? "<" : ">");
        add(event.what);
    }
    return hash;
}

std::string file_name(const Report& report) {
    std::string property = report.trace->violation.property;
    std::ranges::replace_if(
        property, [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9'); }, '_');
    const std::string mutant = report.mutant.empty() ? "" : "+" + report.mutant;
    return fmt::format("{}{}-{}-{}-{:016x}.json", report.protocol, mutant, report.engine, property,
                       fingerprint(*report.trace));
}

}  // namespace

std::vector<KnownFailure> Corpus::failures() const {
    std::vector<KnownFailure> known;
    if (folder_.empty()) return known;
    std::error_code error;
    if (!fs::exists(folder_, error)) return known;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    if (error) {
        throw InputError(fmt::format("cannot read {}: {}", folder_.string(), error.message()));
    }
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        for (Report& report : read_failures(file.string())) {
            known.push_back({file.string(), std::move(report)});
        }
    }
    return known;
}

std::string Corpus::keep(const Report& report) const {
    if (folder_.empty() || report.verdict != checker::Verdict::violated || !report.trace) return "";
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) {
        throw InputError(fmt::format("cannot write {}: {}", folder_.string(), error.message()));
    }
    const fs::path file = folder_ / file_name(report);
    if (fs::exists(file, error)) return "";
    create_file(file.string(), checker::to_json(std::vector{report}));
    return file.string();
}

}  // namespace parley::cli
