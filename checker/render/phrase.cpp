#include "parley/checker/render/phrase.hpp"

#include "parley/checker/render/text.hpp"

#include <algorithm>
#include <vector>

namespace parley::checker::render {

namespace {

/// The words of a state: "last=Reply(id=0, result=1)" is one.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        if (c == '(' || c == '[') ++depth;
        if (c == ')' || c == ']') --depth;
        if (i < text.size() && (c != ' ' || depth > 0)) continue;
        if (i > begin) words.push_back(text.substr(begin, i - begin));
        begin = i + 1;
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
