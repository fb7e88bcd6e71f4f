#include "parley/checker/render/stack_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace parley::checker::render {

namespace {

/// The place of a frame, or "", and its function.
std::pair<std::string_view, std::string_view> parts_of(std::string_view frame) {
    const std::optional<Place> place = parse_place(frame);
    const auto space = frame.rfind(' ');
    if (!place || space == std::string_view::npos) return {"", frame};
    return {place->file.empty() ? "" : frame.substr(space + 1), frame.substr(0, space)};
}

/// How much of a signature is in the brackets that it begins with. Between round ones < and > are
/// no brackets.
std::size_t bracketed(std::string_view text) {
    constexpr std::string_view opening = "<({[";
    constexpr std::string_view closing = ">)}]";
    std::string open;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto closed = closing.find(text[i]);
        const bool is_arrow = text[i] == '>' && i > 0 && text[i - 1] == '-';
        if (opening.find(text[i]) != std::string_view::npos) {
            if (text[i] != '<' || open.find('(') == std::string::npos) open += text[i];
        } else if (closed != std::string_view::npos && !is_arrow && !open.empty() &&
                   open.back() == opening[closed]) {
            open.pop_back();
        }
        if (open.empty()) return i + 1;
    }
    return text.size();
}

}  // namespace

std::optional<Place> parse_place(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    Place place;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), place.line);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    const auto space = text.substr(0, colon).rfind(' ');
    const auto begin = space == std::string_view::npos ? 0 : space + 1;
    place.file = text.substr(begin, colon - begin);
    return place;
}

bool is_of_system(const Place& place) {
    return place.file.starts_with("/usr/");
}

std::string name_of_function(std::string_view signature) {
    constexpr std::string_view unnamed = "(anonymous namespace)";
    std::string name;
    for (std::string_view rest = signature; !rest.empty();) {
        std::size_t taken = 1;
        const bool is_operator = name.ends_with("operator");
        if (is_operator && rest.front() != ' ') {
            // The brackets of "operator()" as well.
            taken = rest.starts_with("()") ? 2 : std::min(rest.find_first_of("( "), rest.size());
            name += rest.substr(0, taken);
        } else if (rest.starts_with(unnamed)) {
            taken = unnamed.size();
            name += unnamed;
        } else if (rest.front() == '<') {
            taken = bracketed(rest);
        } else if (rest.front() == '{') {
            taken = bracketed(rest);
            name += rest.starts_with("{lambda") ? "{lambda}" : rest.substr(0, taken);
        } else if (rest.front() == '(') {
            taken = bracketed(rest);
            const bool is_end =
                !name.empty() && name != "decltype" && !rest.substr(taken).starts_with("::");
            if (is_end) break;
        } else if (rest.front() == ' ' && !is_operator) {
            // What was before it is what the function returns.
            if (!rest.starts_with(" <")) name.clear();
        } else {
            name += rest.front();
        }
        rest.remove_prefix(taken);
    }
    return name.empty() ? std::string(signature) : name;
}

std::vector<std::string> stack_text(const std::vector<std::string>& stack, std::size_t frames_max) {
    const auto is_own = [](const std::string& frame) {
        const std::optional<Place> place = parse_place(frame);
        return place && !place->file.empty() && !is_of_system(*place);
    };
    const bool takes_all = stack.size() <= frames_max || std::ranges::none_of(stack, is_own);
    std::vector<std::pair<std::string, std::string>> lines;  // place and function
    std::size_t width = 0;
    for (const std::string& frame : stack) {
        if (lines.size() == frames_max) break;
        if (!takes_all && !is_own(frame)) continue;
        const auto [place, function] = parts_of(frame);
        width = std::max(width, place.size());
        lines.emplace_back(place, name_of_function(function));
    }
    std::vector<std::string> text;
    for (const auto& [place, function] : lines) {
        text.push_back(place.empty() ? function
                                     : fmt::format("{:<{}}  {}", place, width, function));
    }
    if (lines.size() < stack.size()) {
        text.push_back(fmt::format("... {} more", stack.size() - lines.size()));
    }
    return text;
}

}  // namespace parley::checker::render
