#include "parley/checker/page.hpp"

#include "parley/checker/line_cursor.hpp"
#include "parley/checker/markdown.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/page_error.hpp"
#include "parley/checker/state_diagram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Page;
using specs::model::Transition;

constexpr std::size_t bytes_max = 1U << 20U;
constexpr std::size_t capacity_max = 64;
constexpr std::size_t key_values_max = 16;
constexpr std::array<std::string_view, 4> transports{"fifo", "lossy", "duplicating", "reordering"};
constexpr std::array<std::string_view, 2> answers{"yes", "no"};

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// Reads one page.
class PageReader {
 public:
    PageReader(const std::string& file, std::string_view text) : text_(text) { page_.file = file; }

    Page read() {
        require_text();
        page_.lines = lines_of(text_);
        const auto blocks = read_markdown(text_);
        if (!blocks)
            refuse(1, "expected less Markdown: too many cells of tables, or too much nesting");
        for (const MarkdownBlock& block : *blocks) {
            std::visit([&](const auto& each) { add(each); }, block);
        }
        if (diagrams_ < 2) {
            refuse(static_cast<int>(page_.lines.size()),
                   fmt::format("expected two blocks 'mermaid' with a stateDiagram-v2, one for each "
                               "party, found {}",
                               diagrams_));
        }
        page_.messages = names_.messages;
        require_directions();
        for (const Table& table : tables_) read_table(table);
        require_capacities();
        require_key();
        return std::move(page_);
    }

 private:
    [[noreturn]] void refuse(int line, std::string_view text) const {
        refuse_page(page_.file, std::max(line, 1), text);
    }

    /// Everything but control characters is text.
    void require_text() const {
        if (text_.size() > bytes_max) {
            refuse(1, fmt::format("a page is at most {} MiB", bytes_max >> 20U));
        }
        int line = 1;
        for (const char c : text_) {
            if (c == '\n') ++line;
            const bool is_text = static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t' ||
                                 c == '\r' || c == '\f';
            if (is_text) continue;
            refuse(line, fmt::format("expected text, found a byte 0x{:02x}",
                                     static_cast<unsigned char>(c)));
        }
    }

    void add(const Heading& heading) { heading_ = heading; }

    void add(const CodeBlock& block) {
        if (!is_state_diagram(block)) return;
        if (diagrams_ == 2) {
            refuse(block.line, "expected no third state diagram: there are two parties");
        }
        if (!is_name(heading_.text)) {
            refuse(block.line, fmt::format("expected a heading before the diagram that is the name "
                                           "of its party, found {}",
                                           in_quotes(heading_.text)));
        }
        if (diagrams_ == 1 && page_.parties[0].name == heading_.text) {
            refuse(block.line, fmt::format("{} has a diagram already (line {})", heading_.text,
                                           page_.parties[0].line));
        }
        page_.parties[diagrams_++] = read_state_diagram(block, heading_.text, page_.file, names_);
    }

    void add(const Table& table) {
        if (!table.rows.empty()) tables_.push_back(table);
    }

    /// A message belongs to one direction.
    void require_directions() const {
        for (std::size_t message = 0; message < page_.messages.size(); ++message) {
            const Transition* left = first_send(page_.parties[0], message);
            const Transition* right = first_send(page_.parties[1], message);
            if (left == nullptr || right == nullptr) continue;
            refuse(right->line,
                   fmt::format("{} is sent by {} too (line {}): expected a message of "
                               "its own for each direction",
                               page_.messages[message], page_.parties[0].name, left->line));
        }
    }

    static const Transition* first_send(const Automaton& automaton, std::size_t message) {
        const auto found = std::ranges::find_if(automaton.transitions, [&](const auto& each) {
            return each.direction == Direction::send && each.message == message;
        });
        return found == automaton.transitions.end() ? nullptr : &*found;
    }

    /// Tables with another head are prose.
    void read_table(const Table& table) {
        const std::vector<std::string>& head = table.rows.front().cells;
        const auto is_about = [&](std::string_view first, std::string_view second) {
            if (head.front() != first) return false;
            if (head.size() > 1 && head[1] == second) return true;
            refuse(table.rows.front().line,
                   fmt::format("expected a table '{} | {}'", first, second));
        };
        if (head.empty()) return;
        if (is_about("queue", "capacity")) {
            capacity_line_ = table.rows.front().line;
            for (const TableRow& row : body_of(table)) read_capacity(row);
        } else if (is_about("transport", "tolerated")) {
            for (const TableRow& row : body_of(table)) read_transport(row);
        } else if (is_about("key", "values")) {
            for (const TableRow& row : body_of(table)) read_key(row);
        }
    }

    static std::vector<TableRow> body_of(const Table& table) {
        return {table.rows.begin() + 1, table.rows.end()};
    }

    /// "requester to notifier | 2"
    void read_capacity(const TableRow& row) {
        LineCursor cursor(row.cells[0]);
        const Party from = read_party(cursor, row);
        if (!cursor.take_word("to")) {
            refuse(row.line, fmt::format("expected '{} to {}', found {}", name_of(from),
                                         name_of(other(from)), in_quotes(row.cells[0])));
        }
        const Party to = read_party(cursor, row);
        if (from == to || !cursor.is_at_end()) {
            refuse(row.line, fmt::format("expected '{} to {}', found {}", name_of(from),
                                         name_of(other(from)), in_quotes(row.cells[0])));
        }
        if (has_capacity_[index_of(from)]) {
            refuse(row.line, fmt::format("the queue {} to {} has a capacity already", name_of(from),
                                         name_of(to)));
        }
        has_capacity_[index_of(from)] = true;
        TableRow count = row;
        std::string& cell = count.cells[1];
        const std::size_t comma = std::min(cell.find(','), cell.size());
        if (comma < cell.size()) {
            LineCursor mark(std::string_view{cell}.substr(comma + 1));
            if (!mark.take_word("full") || !mark.is_at_end()) {
                refuse(row.line,
                       fmt::format("expected a capacity, or a capacity and 'full', found {}",
                                   in_quotes(row.cells[1])));
            }
            page_.must_be_full[index_of(from)] = true;
            cell.erase(comma);
        }
        page_.capacities[index_of(from)] =
            read_count(count, fmt::format("a capacity from 1 to {}", capacity_max), capacity_max);
    }

    const std::string& name_of(Party party) const { return page_.automaton(party).name; }

    Party read_party(LineCursor& cursor, const TableRow& row) const {
        const std::string_view word = cursor.take_word();
        for (const Party party : {Party::left, Party::right}) {
            if (word == name_of(party)) return party;
        }
        const std::array<std::string_view, 2> names{name_of(Party::left), name_of(Party::right)};
        refuse(row.line, fmt::format("expected '{}' or '{}', found {}{}", names[0], names[1],
                                     in_quotes(word), hint(word, names)));
    }

    std::size_t read_count(const TableRow& row, std::string_view expected, std::size_t max) const {
        const auto number = read_number<std::uint64_t>(row.cells[1]);
        if (number && *number >= 1 && *number <= max) return *number;
        refuse(row.line, fmt::format("expected {}, found {}", expected, in_quotes(row.cells[1])));
    }

    void read_transport(const TableRow& row) {
        const std::string& name = row.cells[0];
        if (std::ranges::find(transports, name) == transports.end()) {
            refuse(row.line, fmt::format("expected fifo, lossy, duplicating or reordering, found "
                                         "{}{}",
                                         in_quotes(name), hint(name, transports)));
        }
        const std::string& answer = row.cells[1];
        if (std::ranges::find(answers, answer) == answers.end()) {
            refuse(row.line, fmt::format("expected 'yes' or 'no', found {}", in_quotes(answer)));
        }
        if (answer == "yes") page_.transports.push_back(name);
    }

    void read_key(const TableRow& row) {
        if (page_.key) refuse(row.line, "expected one key");
        if (row.cells[0] != names_.key) {
            refuse(row.line,
                   names_.key.empty()
                       ? fmt::format("expected labels with the key, as in '!MESSAGE({})': line {} "
                                     "has none",
                                     row.cells[0], names_.key_line)
                       : fmt::format("expected the key '{}' of line {}, found {}", names_.key,
                                     names_.key_line, in_quotes(row.cells[0])));
        }
        page_.key = specs::model::Key{
            names_.key,
            read_count(row, fmt::format("a number of values from 1 to {}", key_values_max),
                       key_values_max)};
    }

    void require_capacities() const {
        if (capacity_line_ == 0) {
            refuse(page_.parties[0].line, "expected a table 'queue | capacity' in the page");
        }
        for (const Party party : {Party::left, Party::right}) {
            if (has_capacity_[index_of(party)] || !is_sending(page_.automaton(party))) continue;
            refuse(capacity_line_, fmt::format("expected a row '{} to {}' in this table",
                                               name_of(party), name_of(other(party))));
        }
    }

    static bool is_sending(const Automaton& automaton) {
        return std::ranges::any_of(automaton.transitions, [](const Transition& each) {
            return each.direction == Direction::send;
        });
    }

    void require_key() const {
        if (names_.key.empty() || page_.key) return;
        refuse(names_.key_line,
               fmt::format("expected a table 'key | values' that has a row for '{}'", names_.key));
    }

    std::string_view text_;
    Page page_;
    Heading heading_;
    std::size_t diagrams_ = 0;
    std::vector<Table> tables_;
    DiagramNames names_;
    std::array<bool, 2> has_capacity_{};
    int capacity_line_ = 0;
};

}  // namespace

Page read_page(const std::string& file, std::string_view text) {
    return PageReader(file, text).read();
}

std::string quote_line(const Page& page, int line) {
    const auto index = static_cast<std::size_t>(line - 1);
    if (line < 1 || index >= page.lines.size()) return fmt::format("{}:{}", page.file, line);
    const LineCursor cursor(page.lines[index]);
    return fmt::format("{}:{}: {}", page.file, line, cursor.rest());
}

}  // namespace parley::checker
