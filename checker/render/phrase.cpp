#include "parley/checker/render/phrase.hpp"

#include "parley/checker/render/text.hpp"

#include <algorithm>
#include <vector>

namespace parley::checker::render {

namespace {

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// `message` without the names of its fields.
std::string values_only(std::string_view message) {
    std::string text;
    std::size_t name_begin = 0;
    for (const char c : message) {
        if (c == '=') {
            text.resize(name_begin);
        } else {
            text += c;
            if (c == '(' || c == ' ') name_begin = text.size();
        }
    }
    return text;
}

bool is_field(std::string_view word) {
    return word.find('=') != std::string_view::npos;
}

}  // namespace

std::string fit_message(std::string_view message, std::size_t columns) {
    if (message.size() <= columns) return std::string(message);
    std::string values = values_only(message);
    if (values.size() <= columns) return values;
    return cut(message.substr(0, message.find('(')), columns);
}

std::string fit_state(std::string_view state, std::string_view before, std::size_t columns) {
    const std::vector<std::string_view> old_words = words_of(before);
    std::string text;
    for (const std::string_view word : words_of(state)) {
        const bool is_old = std::ranges::find(old_words, word) != old_words.end();
        const std::size_t size = text.size() + (text.empty() ? 0 : 1) + word.size();
        if ((is_field(word) && is_old) || size > columns) continue;
        if (!text.empty()) text += ' ';
        text += word;
    }
    if (text.empty()) return cut(state, columns);
    return text;
}

}  // namespace parley::checker::render
