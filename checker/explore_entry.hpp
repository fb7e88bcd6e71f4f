#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/catalog.hpp"
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
VariantEntry explore_variant(std::string_view protocol) {
    return {specs::model::mutant_of<V>(),
            explore_runner(
                [protocol](const CheckOptions& check) { return subject_of<V>(protocol, check); },
                [](const CheckOptions& check) -> std::unique_ptr<TransitionSystem> {
                    const auto options = options_with<typename V::Options>(check.bounds);
                    return std::make_unique<WorldSystem<V>>(options,
                                                            transport_of(check.bounds, options));
                })};
}

/// The explore engine for every variant of a protocol.
template <template <class> class... Variants>
EngineEntry explore_entry(std::string_view protocol, specs::model::VariantList<Variants...>) {
    return {"explore", {explore_variant<Variants<specs::model::CheckPlatform>>(protocol)...}};
}

}  // namespace parley::checker
