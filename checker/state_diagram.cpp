#include "parley/checker/state_diagram.hpp"

#include "parley/checker/line_cursor.hpp"
#include "parley/checker/page_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace parley::checker {

namespace {

using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Handling;
using specs::model::Transition;

constexpr std::size_t name_max = 64;
constexpr std::size_t diagram_states_max = 10'000;
constexpr std::size_t transitions_max = 50'000;
constexpr std::size_t names_max = 10'000;
constexpr std::string_view diagram_header = "stateDiagram-v2";
constexpr std::string_view outside = "[*]";
constexpr std::array<std::string_view, 3> label_words{"optional", "ignored", "deferred"};
/// Mermaid takes these for something else, or Parley does not know what they would mean.
constexpr std::array<std::string_view, 10> reserved{
    "state", "note", "end", "direction", "as", "class", "classDef", "style", "hide", "default"};

/// Reads one diagram, line by line.
class DiagramReader {
 public:
    DiagramReader(std::string_view name, std::string_view file, DiagramNames& names)
        : file_(file), names_(names) {
        automaton_.name = name;
        for (std::size_t i = 0; i < names.messages.size(); ++i) {
            message_ids_[names.messages[i]] = static_cast<std::uint16_t>(i);
        }
    }

    Automaton read(const CodeBlock& block) {
        automaton_.line = block.line;
        for (const CodeLine& line : block.lines) {
            line_ = line.line;
            read_line(LineCursor(line.text));
        }
        line_ = block.line;
        if (!has_header_) refuse(fmt::format("expected '{}' in the diagram", diagram_header));
        if (!block.is_closed) refuse("this block of code has no end: expected a closing fence");
        if (in_note_) refuse("a note in this diagram has no end: expected 'end note'");
        if (!initial_) {
            refuse(fmt::format("expected a line '[*] --> STATE' that says where {} starts",
                               automaton_.name));
        }
        if (std::ranges::find(automaton_.is_accepting, true) == automaton_.is_accepting.end()) {
            refuse(fmt::format("expected a line 'STATE --> [*]' that says where {} may stop",
                               automaton_.name));
        }
        automaton_.initial = *initial_;
        return std::move(automaton_);
    }

 private:
    [[noreturn]] void refuse(std::string_view text) const { refuse_page(file_, line_, text); }

    [[noreturn]] void refuse_found(const LineCursor& cursor, std::string_view expected,
                                   std::string_view more = "") const {
        refuse(fmt::format("expected {}, found {}{}", expected,
                           cursor.is_at_end() ? "the end of the line" : in_quotes(cursor.found()),
                           more));
    }

    void read_line(LineCursor cursor) {
        if (in_note_) {
            if (cursor.take_word("end") && cursor.take_word("note")) in_note_ = false;
            return;
        }
        if (cursor.is_at_end() || cursor.take("%%")) return;
        if (!has_header_) return read_header(cursor);
        if (cursor.take_word("direction")) return;
        if (cursor.take_word("note")) {
            in_note_ = cursor.rest().find(':') == std::string_view::npos;
            return;
        }
        read_transition(cursor);
    }

    void read_header(LineCursor& cursor) {
        has_header_ = cursor.take(diagram_header) && cursor.is_at_end();
        if (!has_header_) refuse_found(cursor, fmt::format("'{}'", diagram_header));
    }

    void read_transition(LineCursor& cursor) {
        const auto from = read_end(cursor);
        if (!cursor.take("-->")) refuse_found(cursor, "'-->'");
        const auto to = read_end(cursor);
        if (!from && !to) refuse("expected a state before or after '-->'");
        if (from && to) return read_label(cursor, *from, *to);
        if (!cursor.is_at_end()) {
            refuse_found(cursor, fmt::format("the end of the line after '{}'", outside));
        }
        if (to) {
            if (initial_) refuse(fmt::format("{} has a start already", automaton_.name));
            initial_ = to;
        } else {
            automaton_.is_accepting[*from] = true;
        }
    }

    /// A state, or none for "[*]".
    std::optional<std::uint16_t> read_end(LineCursor& cursor) {
        if (cursor.take(outside)) return std::nullopt;
        const std::string_view word = read_name(cursor, "a state or '[*]'");
        if (std::ranges::find(reserved, word) != reserved.end()) {
            refuse(fmt::format("expected a state or '[*]', found {}, a word of Mermaid's",
                               in_quotes(word)));
        }
        const auto [found, is_new] = state_ids_.try_emplace(
            std::string(word), static_cast<std::uint16_t>(automaton_.states.size()));
        if (!is_new) return found->second;
        if (automaton_.states.size() == diagram_states_max) {
            refuse(fmt::format("{} has more than {} states", automaton_.name, diagram_states_max));
        }
        automaton_.states.emplace_back(word);
        automaton_.is_accepting.push_back(false);
        return found->second;
    }

    std::string_view read_name(LineCursor& cursor, std::string_view what) const {
        const LineCursor before = cursor;
        const std::string_view word = cursor.take_word();
        if (is_name(word)) return word;
        if (word.size() > name_max) {
            refuse(fmt::format("{} is longer than {} characters", in_quotes(word), name_max));
        }
        refuse_found(before, what);
    }

    void read_label(LineCursor& cursor, std::uint16_t from, std::uint16_t to) {
        if (!cursor.take(":")) refuse_found(cursor, "': !MESSAGE' or ': ?MESSAGE'");
        Transition transition{.from = from, .to = to, .line = line_};
        transition.direction = read_direction(cursor);
        const std::string_view message = read_name(cursor, "the name of a message");
        transition.message = message_id(message);
        read_key(cursor, message);
        while (!cursor.is_at_end()) {
            if (!cursor.take(",")) refuse_found(cursor, "',' or the end of the line");
            read_label_word(cursor, transition);
        }
        add(transition);
    }

    Direction read_direction(LineCursor& cursor) const {
        if (cursor.take("!")) return Direction::send;
        if (cursor.take("?")) return Direction::receive;
        refuse_found(cursor, "'!' to send or '?' to receive");
    }

    std::uint16_t message_id(std::string_view message) {
        const auto [found, is_new] = message_ids_.try_emplace(
            std::string(message), static_cast<std::uint16_t>(names_.messages.size()));
        if (!is_new) return found->second;
        if (names_.messages.size() == names_max) {
            refuse(fmt::format("there are more than {} messages", names_max));
        }
        names_.messages.emplace_back(message);
        names_.message_lines.push_back(line_);
        return found->second;
    }

    void read_key(LineCursor& cursor, std::string_view message) {
        std::string_view key;
        if (cursor.take("(")) {
            key = read_name(cursor, "the name of a key");
            if (!cursor.take(")")) refuse_found(cursor, "')'");
        }
        if (names_.key_line == 0) {
            names_.key = key;
            names_.key_line = line_;
        }
        if (key == names_.key) return;
        const std::string wanted =
            names_.key.empty() ? std::string(message) : fmt::format("{}({})", message, names_.key);
        refuse(fmt::format(
            "expected '{}' as in line {}, where the label {}: all messages of a "
            "page have the same key",
            wanted, names_.key_line, names_.key.empty() ? "has no key" : "has this key"));
    }

    void read_label_word(LineCursor& cursor, Transition& transition) const {
        const LineCursor before = cursor;
        const std::string_view word = cursor.take_word();
        if (word == "optional") {
            transition.is_optional = true;
            return;
        }
        if (word != "ignored" && word != "deferred") {
            refuse_found(before, "'optional', 'ignored' or 'deferred'", hint(word, label_words));
        }
        if (transition.direction == Direction::send) {
            refuse(fmt::format("only what is received can be {}: expected '?'", word));
        }
        if (transition.from != transition.to) {
            refuse(fmt::format("a message that is {} changes nothing: expected '{} --> {}'", word,
                               automaton_.states[transition.from],
                               automaton_.states[transition.from]));
        }
        transition.handling = word == "ignored" ? Handling::ignored : Handling::deferred;
    }

    void add(const Transition& transition) {
        const auto [found, is_new] =
            lines_.try_emplace({transition.from, transition.direction, transition.message}, line_);
        if (!is_new) {
            refuse(
                fmt::format("line {} says already what {} does in {}: expected one line for "
                            "each state and message",
                            found->second,
                            (transition.direction == Direction::send ? "!" : "?") +
                                names_.messages[transition.message],
                            automaton_.states[transition.from]));
        }
        if (automaton_.transitions.size() == transitions_max) {
            refuse(
                fmt::format("{} has more than {} transitions", automaton_.name, transitions_max));
        }
        automaton_.transitions.push_back(transition);
    }

    std::string_view file_;
    DiagramNames& names_;
    Automaton automaton_;
    std::map<std::string, std::uint16_t> state_ids_;
    std::map<std::string, std::uint16_t> message_ids_;
    std::map<std::tuple<std::uint16_t, Direction, std::uint16_t>, int> lines_;
    std::optional<std::uint16_t> initial_;
    int line_ = 0;
    bool has_header_ = false;
    bool in_note_ = false;
};

}  // namespace

bool is_state_diagram(const CodeBlock& block) {
    if (block.language != "mermaid") return false;
    for (const CodeLine& line : block.lines) {
        const LineCursor cursor(line.text);
        if (cursor.is_at_end() || cursor.rest().starts_with("%%")) continue;
        return cursor.rest().starts_with("stateDiagram");
    }
    return false;
}

Automaton read_state_diagram(const CodeBlock& block, std::string_view name, std::string_view file,
                             DiagramNames& names) {
    return DiagramReader(name, file, names).read(block);
}

bool is_name(std::string_view word) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto is_good = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    return !word.empty() && word.size() <= name_max && is_letter(word.front()) &&
           std::ranges::all_of(word, is_good);
}

}  // namespace parley::checker
