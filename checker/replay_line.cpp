#include "parley/checker/replay_line.hpp"

#include "parley/checker/number.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace parley::checker {

namespace {

constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t repeats_min = 4;  ///< from here on "^" is shorter

[[noreturn]] void refuse(const std::string& sentence) {
    throw InputError("not a replay line: " + sentence);
}

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
        return digits.find(c) != std::string_view::npos || c == '_' || (c >= 'A' && c <= 'Z');
    });
}

std::string name(std::string_view what, std::string_view text) {
    if (!is_word(text)) refuse(fmt::format("the {} is not a name", what));
    return std::string(text);
}

/// The part of `text` before the first `mark`, which is taken off; all of it when there is none.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t end = std::min(text.find(mark), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

std::vector<std::pair<std::string, int>> parse_bounds(std::string_view text) {
    std::vector<std::pair<std::string, int>> bounds;
    if (text == "-") return bounds;
    if (text.ends_with(',')) refuse("a bound is missing");
    do {
        std::string_view value = take_until(text, ',');
        const std::string key = name("bound", take_until(value, '='));
        const auto number = read_number<int>(value);
        if (!number) refuse(fmt::format("the value of {} is not a number", key));
        if (bounds.size() == 100) refuse("too many bounds");
        bounds.emplace_back(key, *number);
    } while (!text.empty());
    return bounds;
}

/// Appends the choices of one group; `count` is the number of options, of this group or the last.
void parse_group(std::string_view group, std::uint32_t& count, Choices& choices) {
    if (group.find(':') != std::string_view::npos) {
        const auto number = read_number<std::uint32_t>(take_until(group, ':'));
        if (!number || *number < 2) refuse("a number of options is wrong");
        count = *number;
    }
    if (count == 0) refuse("the choices begin without a number of options");
    const bool has_times = group.find('^') != std::string_view::npos;
    std::string_view indices = take_until(group, '^');
    const auto times = has_times ? read_number<std::size_t>(group) : 1;
    const bool is_decimal = count > digits.size();
    if (!times || *times == 0 || indices.empty()) refuse("a group of choices is incomplete");
    if (*times > 1 && !is_decimal && indices.size() > 1) refuse("a group with ^ has one digit");
    while (!indices.empty()) {
        const std::string_view one = is_decimal ? indices : indices.substr(0, 1);
        indices.remove_prefix(one.size());
        const std::size_t digit = digits.find(one);
        const auto index = is_decimal ? read_number<std::uint32_t>(one)
                           : digit == std::string_view::npos
                               ? std::nullopt
                               : std::optional(static_cast<std::uint32_t>(digit));
        if (!index || *index >= count) refuse("an index is not below its number of options");
        if (*times > choices_max - choices.size()) refuse("too many choices");
        choices.insert(choices.end(), *times, Choice{count, *index});
    }
}

/// "random", "full", "context_bound:2".
std::string scheduler(std::string_view text) {
    const bool is_word = std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
    });
    if (text.empty() || !is_word) refuse("a scheduler is a word");
    return std::string{text};
}

/// Where the choices equal to the one at `first` end.
std::size_t run_end(const Choices& choices, std::size_t first) {
    std::size_t end = first;
    while (end < choices.size() && choices[end] == choices[first]) ++end;
    return end;
}

}  // namespace

ReplayLine replay_line_of(const Trace& trace) {
    return {trace.protocol,  trace.mutant, trace.engine,
            trace.scheduler, trace.bounds, trace.choices};
}

std::string to_text(const Choices& choices) {
    if (choices.empty()) return "-";
    std::string text;
    std::uint32_t count = 0;
    bool is_open = false;  // the last group takes more digits
    for (std::size_t i = 0; i < choices.size();) {
        const auto [options, index] = choices[i];
        const std::size_t end = run_end(choices, i);
        const bool is_decimal = options > digits.size();
        const bool is_run = end - i >= repeats_min;
        const std::size_t taken = is_run ? end - i : 1;
        if (!is_open || is_run || is_decimal || options != count) {
            if (!text.empty()) text += '.';
            if (options != count) text += fmt::format("{}:", options);
        }
        text += is_decimal ? fmt::format("{}", index) : std::string(1, digits[index]);
        if (is_run) text += fmt::format("^{}", taken);
        is_open = !is_run && !is_decimal;
        count = options;
        i += taken;
    }
    return text;
}

std::string to_text(const ReplayLine& line) {
    std::string bounds;
    for (const auto& [key, value] : line.bounds) {
        bounds += fmt::format("{}{}={}", bounds.empty() ? "" : ",", key, value);
    }
    return fmt::format("{}{}{}/{}{}{}/{}/{}", line.protocol, line.mutant.empty() ? "" : "+",
                       line.mutant, line.engine, line.scheduler.empty() ? "" : ":", line.scheduler,
                       bounds.empty() ? "-" : bounds, to_text(line.choices));
}

Choices parse_choices(std::string_view text) {
    Choices choices;
    if (text == "-") return choices;
    if (text.ends_with('.')) refuse("a group of choices is incomplete");
    std::uint32_t count = 0;
    do {
        parse_group(take_until(text, '.'), count, choices);
    } while (!text.empty());
    return choices;
}

ReplayLine parse_replay_line(std::string_view text) {
    if (std::ranges::count(text, '/') != 3) {
        refuse("it has the form PROTOCOL[+MUTANT]/ENGINE[:SCHEDULER]/BOUNDS/CHOICES");
    }
    ReplayLine line;
    std::string_view variant = take_until(text, '/');
    const bool has_mutant = variant.find('+') != std::string_view::npos;
    line.protocol = name("protocol", take_until(variant, '+'));
    if (has_mutant) line.mutant = name("mutant", variant);
    std::string_view engine = take_until(text, '/');
    const bool has_scheduler = engine.find(':') != std::string_view::npos;
    line.engine = name("engine", take_until(engine, ':'));
    if (has_scheduler) line.scheduler = scheduler(engine);
    line.bounds = parse_bounds(take_until(text, '/'));
    line.choices = parse_choices(text);
    return line;
}

}  // namespace parley::checker
