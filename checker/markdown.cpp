#include "parley/checker/markdown.hpp"

#include <md4c.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace parley::checker {

namespace {

constexpr std::size_t cells_max = 100'000;

/// Follows md4c through a text. Positions are those of the pieces that it hands out, which are
/// parts of the text.
class MarkdownReader {
 public:
    explicit MarkdownReader(std::string_view text) : text_(text) {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') starts_.push_back(i + 1);
        }
    }

    std::optional<std::vector<MarkdownBlock>> read() {
        MD_PARSER parser{};
        parser.flags = MD_DIALECT_GITHUB;
        parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
            auto& reader = *static_cast<MarkdownReader*>(self);
            reader.enter(type, detail);
            return reader.cells_ > cells_max ? 1 : 0;
        };
        parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
            static_cast<MarkdownReader*>(self)->leave(type);
            return 0;
        };
        parser.enter_span = [](MD_SPANTYPE, void*, void*) { return 0; };
        parser.leave_span = [](MD_SPANTYPE, void*, void*) { return 0; };
        parser.text = [](MD_TEXTTYPE, const MD_CHAR* piece, MD_SIZE size, void* self) {
            static_cast<MarkdownReader*>(self)->add({piece, size});
            return 0;
        };
        const int code = md_parse(text_.data(), static_cast<MD_SIZE>(text_.size()), &parser, this);
        // md4c 0.4.8 says 0 when it is told to stop within a table.
        if (code != 0 || cells_ > cells_max) return std::nullopt;
        return std::move(blocks_);
    }

 private:
    void enter(MD_BLOCKTYPE type, void* detail) {
        piece_.clear();
        switch (type) {
            case MD_BLOCK_CODE:
                enter_code(*static_cast<MD_BLOCK_CODE_DETAIL*>(detail));
                break;
            case MD_BLOCK_TABLE:
                blocks_.emplace_back(Table{});
                break;
            case MD_BLOCK_TR:
                if (Table* table = newest<Table>()) table->rows.emplace_back();
                break;
            case MD_BLOCK_TH:
            case MD_BLOCK_TD:
                ++cells_;
                break;
            default:
                break;
        }
    }

    void enter_code(const MD_BLOCK_CODE_DETAIL& detail) {
        fence_ = detail.fence_char;
        if (fence_ == 0) return;
        CodeBlock block;
        block.language = std::string(detail.lang.text, detail.lang.size);
        note_line({detail.lang.text, detail.lang.size});
        block.line = line_;
        blocks_.emplace_back(std::move(block));
        in_code_ = true;
    }

    void leave(MD_BLOCKTYPE type) {
        switch (type) {
            case MD_BLOCK_H:
                blocks_.emplace_back(Heading{std::move(piece_), line_});
                break;
            case MD_BLOCK_CODE:
                leave_code();
                break;
            case MD_BLOCK_TH:
            case MD_BLOCK_TD:
                if (Table* table = newest<Table>()) {
                    table->rows.back().cells.push_back(std::move(piece_));
                    table->rows.back().line = line_;
                }
                break;
            default:
                break;
        }
        piece_.clear();
    }

    void leave_code() {
        CodeBlock* block = in_code_ ? newest<CodeBlock>() : nullptr;
        in_code_ = false;
        if (block == nullptr) return;
        const int last = block->lines.empty() ? block->line : block->lines.back().line;
        const std::string_view next = line_text(last + 1);
        const std::size_t fence = next.find_first_not_of(" \t>");
        block->is_closed = fence != std::string_view::npos && next[fence] == fence_;
    }

    void add(std::string_view piece) {
        note_line(piece);
        CodeBlock* block = in_code_ ? newest<CodeBlock>() : nullptr;
        if (block == nullptr || piece != "\n") {
            piece_ += piece;
            return;
        }
        const int before = block->lines.empty() ? block->line : block->lines.back().line;
        block->lines.push_back({std::move(piece_), before + 1});
        piece_.clear();
    }

    template <class Block>
    Block* newest() {
        return blocks_.empty() ? nullptr : std::get_if<Block>(&blocks_.back());
    }

    /// Where the text is that is being read; what is no part of it leaves this as it is.
    void note_line(std::string_view piece) {
        const std::less<> is_before;
        const char* end = text_.data() + text_.size();
        if (piece.empty() || is_before(piece.data(), text_.data())) return;
        if (!is_before(piece.data(), end)) return;
        const auto offset = static_cast<std::size_t>(piece.data() - text_.data());
        const auto after = std::ranges::upper_bound(starts_, offset);
        line_ = static_cast<int>(after - starts_.begin());
    }

    std::string_view line_text(int line) const {
        const auto index = static_cast<std::size_t>(line - 1);
        if (index >= starts_.size()) return {};
        const std::string_view rest = text_.substr(starts_[index]);
        return rest.substr(0, rest.find('\n'));
    }

    std::string_view text_;
    std::vector<std::size_t> starts_;  ///< of lines
    std::vector<MarkdownBlock> blocks_;
    std::string piece_;  ///< of text that has come since a block began
    std::size_t cells_ = 0;
    int line_ = 1;
    char fence_ = 0;
    bool in_code_ = false;
};

}  // namespace

std::optional<std::vector<MarkdownBlock>> read_markdown(std::string_view text) {
    return MarkdownReader(text).read();
}

}  // namespace parley::checker
