#pragma once

#include "parley/checker/explore_entry.hpp"
#include "parley/checker/report.hpp"

#include <map>
#include <string>

namespace parley::tests {

/// Explores variant `V` with these bounds.
template <class V>
checker::Report explored(std::map<std::string, int> bounds, checker::CheckOptions check = {}) {
    check.bounds = std::move(bounds);
    return checker::explore_variant<V>("small").runner.check(check);
}

}  // namespace parley::tests
