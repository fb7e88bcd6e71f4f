#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// Numbers for values of more than eight bytes, so that the engine can have them: equal values have
/// equal numbers, in all executions of a check.
class WideValues {
 public:
    Value number_of(const void* object, std::size_t bytes) {
        std::string value(static_cast<const char*>(object), bytes);
        const auto [found, is_new] = numbers_.try_emplace(std::move(value), values_.size());
        if (is_new) values_.push_back(found->first);
        return found->second;
    }
    std::string_view at(Value number) const { return values_[number]; }

 private:
    std::map<std::string, Value, std::less<>> numbers_;
    std::vector<std::string_view> values_;  ///< of the map
};

}  // namespace parley::rc11
