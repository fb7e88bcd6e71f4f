#include "parley/checker/cli/tsan_settings.hpp"

#include "parley/checker/cli/input.hpp"
#include "parley/checker/nearest.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/subprocess.hpp"
#include "parley/stress/harness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace parley::cli {

namespace {

using checker::InputError;

constexpr std::size_t suppressions_bytes_max = std::size_t{1} << 20;

/// Options that a check needs to have its own way, and what becomes of it otherwise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> needed{{
    {"report_bugs", "it turns reports off"},
    {"report_atomic_races", "it turns reports off"},
    {"force_seq_cst_atomics", "it makes every memory order a strong one"},
    {"suppress_equal_stacks", "it drops reports that another run has made before"},
    {"suppress_equal_addresses", "it drops reports that another run has made before"},
    {"symbolize", "stacks are symbolised afterwards, once"},
    {"suppressions", "the runtime matches nothing without symbols: --suppressions FILE does"},
    {"halt_on_error", "it ends the check before there is a report"},
    {"abort_on_error", "it ends the check before there is a report"},
    {"exitcode", "the exit code says what the report says"},
    {"allow_user_segv_handler", "a crash would not be reported"},
    {"use_sigaltstack", "a stack overflow would not be reported"},
    {"include", "what it includes is not looked at"},
    {"include_if_exists", "what it includes is not looked at"},
    {"help", "nobody sees it here: TSAN_OPTIONS=help=1 parley-stress-tsan shows it"},
}};

constexpr std::string_view separators = " ,:\n\t\r";

/// The names in the text of TSAN_OPTIONS, as the runtime reads it: NAME=VALUE, and a value may be
/// in quotes.
std::vector<std::string_view> names_in(std::string_view text) {
    std::vector<std::string_view> names;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
        if (text.empty()) return names;
        const std::size_t name_end = std::min(text.find_first_of("= ,:\n\t\r"), text.size());
        names.push_back(text.substr(0, name_end));
        text.remove_prefix(name_end);
        if (!text.starts_with('=')) continue;
        text.remove_prefix(1);
        const bool is_quoted = text.starts_with('"') || text.starts_with('\'');
        const std::size_t end =
            is_quoted ? text.find(text.front(), 1) : text.find_first_of(separators);
        text.remove_prefix(end < text.size() ? end + 1 : text.size());
    }
}

/// All that `program` says when it is started with these options and nothing to do.
std::string output_with(const std::string& options, const std::string& program) {
    return checker::run_command({.path = "/bin/sh",
                                 .arguments = {"-c", R"(exec "$0" --options 2>&1)", program},
                                 .environment = {"TSAN_OPTIONS=" + options},
                                 .is_address_randomized = false})
        .output;
}

/// The lines of the runtime's help with one tab in front.
std::vector<std::string> known_names(const std::string& program) {
    std::vector<std::string> names;
    std::istringstream lines(output_with("help=1", program));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('\t') && !line.starts_with("\t\t")) names.push_back(line.substr(1));
    }
    return names;
}

void check_names(std::string_view text, const std::string& program) {
    const std::vector<std::string> texts = known_names(program);
    const std::vector<std::string_view> known(texts.begin(), texts.end());
    for (const std::string_view name : names_in(text)) {
        const auto own =
            std::ranges::find(needed, name, [](const auto& each) { return each.first; });
        const bool is_signal = name.starts_with("handle_");
        if (own != needed.end() || is_signal) {
            throw InputError(
                fmt::format("TSAN_OPTIONS: leave {} out: {}", name,
                            is_signal ? "a crash would not be reported" : own->second));
        }
        if (std::ranges::find(known, name) != known.end()) continue;
        throw InputError(fmt::format("TSAN_OPTIONS: {} (ThreadSanitizer would ignore it)",
                                     checker::unknown_name("option", name, known)));
    }
}

}  // namespace

void TsanSettings::read_suppressions(const std::string& path) {
    path_ = path;
    suppressions_ = stress::parse_suppressions(read_input(path, suppressions_bytes_max), path);
    counts_.assign(suppressions_.size(), 0);
}

void TsanSettings::count(std::string_view words) {
    std::istringstream numbers{std::string{words}};
    std::size_t i = 0;
    for (std::uint64_t number = 0; i < counts_.size() && numbers >> number; ++i) {
        counts_[i] += number;
    }
    is_complete_ = is_complete_ && i == counts_.size();
}

std::string TsanSettings::summary() const {
    std::string text;
    for (std::size_t i = 0; i < suppressions_.size(); ++i) {
        const stress::Suppression& each = suppressions_[i];
        const std::string name =
            fmt::format("{}:{}: {}:{}", path_, each.line, each.kind, each.pattern);
        if (counts_[i] > 0) {
            text += fmt::format("suppressed  {}, {} report{}\n", name, counts_[i],
                                counts_[i] == 1 ? "" : "s");
        } else if (is_complete_) {
            text += fmt::format("unused      {}\n", name);
        }
    }
    return text;
}

void check_tsan_options(const std::string& program) {
    const char* const text = std::getenv("TSAN_OPTIONS");
    if (text == nullptr || names_in(text).empty()) return;
    check_names(text, program);
    const std::string output = output_with(text, program);
    if (output.find(stress::options_taken) != std::string::npos) return;
    // The runtime's own words.
    const std::string words = output.substr(std::min(output.find("ERROR: "), output.size()));
    throw InputError("TSAN_OPTIONS: " +
                     checker::render::printable(words.substr(0, words.find('\n'))));
}

}  // namespace parley::cli
