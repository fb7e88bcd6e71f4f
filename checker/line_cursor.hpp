#pragma once

#include <string_view>

namespace parley::checker {

/// Reads one line from left to right. Spaces between what is read do not matter.
class LineCursor {
 public:
    explicit LineCursor(std::string_view text) : rest_(text) { skip_spaces(); }

    bool is_at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

    /// Moves behind `token` if that comes next.
    bool take(std::string_view token) {
        if (!rest_.starts_with(token)) return false;
        move_by(token.size());
        return true;
    }

    /// As take(), for a token that is a word: it must not go on.
    bool take_word(std::string_view word) {
        if (next_word() != word) return false;
        move_by(word.size());
        return true;
    }

    /// The letters, digits and underscores that come next; may be empty.
    std::string_view take_word() {
        const std::string_view word = next_word();
        move_by(word.size());
        return word;
    }

    /// What to show of what was found in place of something else.
    std::string_view found() const {
        const std::string_view word = next_word();
        return word.empty() ? rest_.substr(0, rest_.find_first_of(" \t")) : word;
    }

 private:
    static bool is_word_character(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    }

    std::string_view next_word() const {
        std::size_t size = 0;
        while (size < rest_.size() && is_word_character(rest_[size])) ++size;
        return rest_.substr(0, size);
    }

    void move_by(std::size_t size) {
        rest_.remove_prefix(size);
        skip_spaces();
    }

    void skip_spaces() {
        while (!rest_.empty() && std::string_view(" \t\r").find(rest_.front()) != rest_.npos) {
            rest_.remove_prefix(1);
        }
    }

    std::string_view rest_;
};

}  // namespace parley::checker
