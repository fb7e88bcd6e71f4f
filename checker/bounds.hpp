#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/report.hpp"
#include "parley/protocols/model/fields.hpp"

#include <string>
#include <utility>
#include <vector>

/// The bounds of a spec (an aggregate of specs::model::Bound) by name.
namespace parley::checker {

template <class Options>
std::vector<BoundEntry> bound_entries() {
    Options options;
    std::vector<BoundEntry> entries;
    model::for_each_field(options, [&](const auto& bound) {
        const std::string name{model::field_names<Options>[entries.size()]};
        entries.push_back({name, bound.value, bound.min, bound.max});
    });
    return entries;
}

/// The spec's options with the values that a check sets. Names that the spec does not know are
/// ignored here: the command has refused them.
template <class Options>
Options options_with(const std::map<std::string, int>& values) {
    Options options;
    std::size_t index = 0;
    model::for_each_field(options, [&](auto& bound) {
        const auto found = values.find(std::string{model::field_names<Options>[index++]});
        if (found != values.end()) bound.value = found->second;
    });
    return options;
}

template <class Options>
std::vector<std::pair<std::string, int>> bound_values(const Options& options) {
    std::vector<std::pair<std::string, int>> values;
    model::for_each_field(options, [&](const auto& bound) {
        values.emplace_back(model::field_names<Options>[values.size()], bound.value);
    });
    return values;
}

}  // namespace parley::checker
