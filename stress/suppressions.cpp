#include "parley/stress/suppressions.hpp"

#include "parley/checker/nearest.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace parley::stress {

namespace {

constexpr std::array<std::string_view, 2> kinds{"race", "race_top"};
/// ThreadSanitizer has these as well, for reports that are not made here.
constexpr std::array<std::string_view, 5> other_kinds{"thread", "mutex", "signal", "deadlock",
                                                      "called_from_lib"};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

Suppression parse_line(std::string_view line, std::string_view place, int number) {
    const std::size_t colon = line.find(':');
    const std::string_view kind = line.substr(0, colon);
    if (std::ranges::find(other_kinds, kind) != other_kinds.end()) {
        throw checker::InputError(fmt::format(
            "{}: reports of kind '{}' are not made here: race and race_top are", place, kind));
    }
    if (std::ranges::find(kinds, kind) == kinds.end()) {
        throw checker::InputError(
            fmt::format("{}: {}", place, checker::unknown_name("kind of report", kind, kinds)));
    }
    const std::string_view pattern =
        colon == std::string_view::npos ? "" : trimmed(line.substr(colon + 1));
    if (pattern.find_first_not_of("*^$") == std::string_view::npos) {
        throw checker::InputError(
            fmt::format("{}: '{}' names no function and no file", place, line));
    }
    return {std::string{kind}, std::string{pattern}, number};
}

bool is_in(const Frame& frame, std::string_view pattern) {
    return matches(pattern, frame.function) ||
           (!frame.file.empty() && matches(pattern, frame.file));
}

/// A pattern from here on, which may skip text at first if `is_free`.
bool matches_from(std::string_view pattern, std::string_view text, bool is_free) {
    const std::size_t end = pattern.find_first_of("*$");
    const std::string_view literal = pattern.substr(0, end);
    for (std::size_t at = 0; at <= text.size(); ++at) {
        at = is_free ? text.find(literal, at) : text.starts_with(literal) ? 0 : text.npos;
        if (at == text.npos) return false;
        if (end == pattern.npos) return true;
        const std::string_view rest = text.substr(at + literal.size());
        const bool is_end = pattern[end] == '$';
        if (is_end ? rest.empty() : matches_from(pattern.substr(end + 1), rest, true)) return true;
        if (!is_free) return false;
    }
    return false;
}

}  // namespace

std::vector<Suppression> parse_suppressions(std::string_view text, std::string_view name) {
    std::vector<Suppression> suppressions;
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#')) continue;
        suppressions.push_back(parse_line(line, fmt::format("{}:{}", name, number), number));
    }
    return suppressions;
}

bool matches(std::string_view pattern, std::string_view text) {
    const bool is_anchored = pattern.starts_with('^');
    return matches_from(pattern.substr(is_anchored ? 1 : 0), text, !is_anchored);
}

bool matches(const Suppression& suppression, const TsanReport& report) {
    const bool is_top = suppression.kind == "race_top";
    return std::ranges::any_of(report.accesses, [&](const TsanAccess& access) {
        const std::size_t depth =
            is_top ? std::min<std::size_t>(1, access.stack.size()) : access.stack.size();
        return std::any_of(access.stack.begin(), access.stack.begin() + static_cast<long>(depth),
                           [&](const Frame& frame) { return is_in(frame, suppression.pattern); });
    });
}

}  // namespace parley::stress
