#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/catalog.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/explore_runner.hpp"
#include "parley/checker/subject.hpp"
#include "parley/checker/transport.hpp"
#include "parley/checker/world.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"

#include <memory>
#include <string_view>

namespace parley::checker {

template <class V>
VariantEntry explore_variant(std::string_view protocol, PageSource page = nullptr) {
    const DescribeSubject describe = [protocol, page](const CheckOptions& check) {
        return subject_of<V>(protocol, check, page);
    };
    const MakeSystem make_system =
        [protocol, page](const CheckOptions& check) -> std::unique_ptr<TransitionSystem> {
        const auto options = options_with<typename V::Options>(check.bounds);
        return std::make_unique<WorldSystem<V>>(
            options, transport_of(check.bounds, options),
            conformance_of<V>(page, subject_of<V>(protocol, check)));
    };
    return {.mutant = specs::model::mutant_of<V>(),
            .runner = explore_runner(describe, make_system),
            .walks = explore_walks(describe, make_system)};
}

/// The explore engine for every variant of a protocol, which must conform to `page`.
template <template <class> class... Variants>
EngineEntry explore_entry(std::string_view protocol, PageSource page,
                          specs::model::VariantList<Variants...>) {
    return {"explore", {explore_variant<Variants<specs::model::CheckPlatform>>(protocol, page)...}};
}

}  // namespace parley::checker
