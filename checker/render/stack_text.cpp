#include "parley/checker/render/stack_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace parley::checker::render {

namespace {

struct Line {
    std::string place;  ///< empty: not known
    std::string function;
    bool is_own = false;  ///< the place is known, and not the system's
};

Line line_of(std::string_view frame) {
    const std::optional<Place> place = parse_place(frame);
    const auto space = frame.rfind(' ');
    if (!place || space == std::string_view::npos) return {"", name_of_function(frame)};
    const bool is_known = !place->file.empty();
    return {std::string(is_known ? frame.substr(space + 1) : ""),
            name_of_function(frame.substr(0, space)), is_known && !is_of_system(*place)};
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
    std::vector<Line> lines;
    for (const std::string& frame : stack) lines.push_back(line_of(frame));
    if (lines.size() > frames_max && std::ranges::any_of(lines, &Line::is_own)) {
        std::erase_if(lines, [](const Line& line) { return !line.is_own; });
    }
    lines.resize(std::min(lines.size(), frames_max));
    std::size_t width = 0;
    for (const Line& line : lines) width = std::max(width, line.place.size());
    std::vector<std::string> text;
    for (const Line& line : lines) {
        text.push_back(line.place.empty()
                           ? line.function
                           : fmt::format("{:<{}}  {}", line.place, width, line.function));
    }
    if (lines.size() < stack.size()) {
        text.push_back(fmt::format("... {} more", stack.size() - lines.size()));
    }
    return text;
}

}  // namespace parley::checker::render
