#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

/// A JSON value that is read with suspicion: knows where it is in the document, and whatever is not
/// as it must be is an InputError that says so. Must not outlive its parent or the document.
class JsonNode {
 public:
    /// The document; `where` is its name in errors.
    JsonNode(const nlohmann::json& value, std::string_view where) : value_(value), key_(where) {}

    /// Throws InputError: this value `problem` ("must be a text").
    [[noreturn]] void refuse(std::string_view problem) const;

    bool has(std::string_view key) const;
    /// A member of an object that must be there.
    JsonNode at(std::string_view key) const;
    /// The elements of an array.
    std::size_t size() const;
    JsonNode at(std::size_t index) const;

    /// The names of an object's members, sorted.
    std::vector<std::string> keys() const;

    bool is_null() const { return value_.is_null(); }
    bool is_text() const { return value_.is_string(); }
    bool is_array() const { return value_.is_array(); }
    bool is_object() const { return value_.is_object(); }

    std::string text() const;
    bool boolean() const;
    double real() const;
    template <std::integral Number>
    Number number() const {
        if (value_.is_number_unsigned()) {
            const auto number = value_.get<std::uint64_t>();
            if (std::in_range<Number>(number)) return static_cast<Number>(number);
        } else if (value_.is_number_integer()) {
            const auto number = value_.get<std::int64_t>();
            if (std::in_range<Number>(number)) return static_cast<Number>(number);
        }
        refuse("must be a whole number in range");
    }

    /// Members that may be left out.
    std::string text_or_empty(std::string_view key) const;
    template <std::integral Number>
    Number number_or_zero(std::string_view key) const {
        return has(key) ? at(key).number<Number>() : Number{0};
    }
    /// An array of pairs of a name and a whole number.
    template <std::integral Number>
    std::vector<std::pair<std::string, Number>> numbers_by_name(std::string_view key) const {
        std::vector<std::pair<std::string, Number>> pairs;
        if (!has(key)) return pairs;
        const JsonNode list = at(key);
        for (std::size_t i = 0; i < list.size(); ++i) {
            const JsonNode pair = list.at(i);
            if (pair.size() != 2) pair.refuse("must be a name and a number");
            pairs.emplace_back(pair.at(std::size_t{0}).text(),
                               pair.at(std::size_t{1}).number<Number>());
        }
        return pairs;
    }

 private:
    JsonNode(const nlohmann::json& value, const JsonNode& parent, std::string_view key,
             std::size_t index)
        : value_(value), parent_(&parent), key_(key), index_(index) {}

    std::string path() const;

    const nlohmann::json& value_;
    const JsonNode* parent_ = nullptr;  ///< none: the document
    std::string_view key_;              ///< empty: an element of an array
    std::size_t index_ = 0;
};

/// The document that `text` is. Throws InputError unless it is JSON within the limits of json.hpp.
nlohmann::json parse_document(std::string_view text, std::string_view where);

}  // namespace parley::checker
