#include "parley/checker/json_node.hpp"

#include "parley/checker/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley::checker {

using nlohmann::json;

std::string JsonNode::path() const {
    if (parent_ == nullptr) return "";
    const std::string outer = parent_->path();
    if (key_.empty()) return fmt::format("{}[{}]", outer, index_);
    return fmt::format("{}{}{}", outer, outer.empty() ? "" : ".", key_);
}

void JsonNode::refuse(std::string_view problem) const {
    const JsonNode* document = this;
    while (document->parent_ != nullptr) document = document->parent_;
    const std::string place = path();
    throw InputError(
        fmt::format("{}: {} {}", document->key_, place.empty() ? "the document" : place, problem));
}

bool JsonNode::has(std::string_view key) const {
    if (!value_.is_object()) refuse("must be an object");
    return value_.contains(key);
}

JsonNode JsonNode::at(std::string_view key) const {
    if (!has(key)) refuse(fmt::format("has no member \"{}\"", key));
    return {*value_.find(key), *this, key, 0};
}

std::size_t JsonNode::size() const {
    if (!value_.is_array()) refuse("must be an array");
    return value_.size();
}

JsonNode JsonNode::at(std::size_t index) const {
    return {value_[index], *this, "", index};
}

std::vector<std::string> JsonNode::keys() const {
    if (!value_.is_object()) refuse("must be an object");
    std::vector<std::string> names;
    for (const auto& member : value_.items()) names.push_back(member.key());
    return names;
}

std::string JsonNode::text() const {
    if (!value_.is_string()) refuse("must be a text");
    return value_.get<std::string>();
}

bool JsonNode::boolean() const {
    if (!value_.is_boolean()) refuse("must be true or false");
    return value_.get<bool>();
}

double JsonNode::real() const {
    if (!value_.is_number()) refuse("must be a number");
    const auto number = value_.get<double>();
    if (!std::isfinite(number) || number < 0) refuse("must be a number from 0");
    return number;
}

std::string JsonNode::text_or_empty(std::string_view key) const {
    return has(key) ? at(key).text() : "";
}

json parse_document(std::string_view text, std::string_view where) {
    if (text.size() > json_bytes_max) {
        throw InputError(fmt::format("{}: larger than {} MiB", where, json_bytes_max >> 20));
    }
    std::size_t values = 0;
    const auto guard = [&](int depth, json::parse_event_t, json&) {
        if (depth > json_depth_max) throw InputError(fmt::format("{}: nested too deep", where));
        if (++values > json_values_max) throw InputError(fmt::format("{}: too many values", where));
        return true;
    };
    try {
        return json::parse(text, guard);
    } catch (const json::parse_error& error) {
        throw InputError(fmt::format("{}: not JSON, or cut off, at byte {}", where, error.byte));
    } catch (const json::exception&) {
        throw InputError(fmt::format("{}: has a number that is out of range", where));
    }
}

}  // namespace parley::checker
