#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::checker {

struct Heading {
    std::string text;
    int line = 0;  ///< counted from 1, as everywhere here
};

struct CodeLine {
    std::string text;
    int line = 0;
};

/// A fenced block of code.
struct CodeBlock {
    std::string language;
    int line = 0;  ///< of the opening fence
    std::vector<CodeLine> lines;
    bool is_closed = false;  ///< there is a closing fence
};

struct TableRow {
    std::vector<std::string> cells;
    int line = 0;
};

/// A table; the first row is its head.
struct Table {
    std::vector<TableRow> rows;
};

using MarkdownBlock = std::variant<Heading, CodeBlock, Table>;

/// The headings, fenced code and tables of a text in GitHub's dialect of Markdown, in their order.
/// What is left out is prose. None when there is too much of it: more than 100,000 table cells, or
/// more nesting than md4c can follow.
std::optional<std::vector<MarkdownBlock>> read_markdown(std::string_view text);

}  // namespace parley::checker
