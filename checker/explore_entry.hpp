#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/explore.hpp"
#include "parley/checker/walk.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"

#include <string_view>
#include <vector>

namespace parley::checker {

/// Checks variant `V` of the protocol called `Name::value` in the way that the options ask for.
template <class V, class Name>
Report explore_check(const CheckOptions& check) {
    if (check.scheduler == "random") {
        return walk<V>(Name::value, check, [](std::uint64_t seed) { return RandomChooser{seed}; });
    }
    if (check.scheduler == "pct") {
        constexpr std::uint32_t steps_expected = 100;
        return walk<V>(Name::value, check, [&](std::uint64_t seed) {
            return PctChooser{seed, check.depth, steps_expected};
        });
    }
    return Explorer<V>{Name::value, check}.run();
}

template <class V, class Name>
Report explore_replay(const CheckOptions& check, const Choices& choices) {
    return replay<V>(Name::value, check, choices);
}

template <class V>
specs::model::Mutant mutant_of() {
    if constexpr (specs::model::IsMutant<V>) {
        return V::about;
    } else {
        return {};
    }
}

/// The explore engine for every variant of a protocol; `Name::value` is its name.
template <class Name, template <class> class... Variants>
EngineEntry explore_entry(specs::model::VariantList<Variants...>) {
    using P = specs::model::CheckPlatform;
    return {"explore",
            {VariantEntry{mutant_of<Variants<P>>(),
                          {&explore_check<Variants<P>, Name>, &explore_replay<Variants<P>, Name>}}...}};
}

}  // namespace parley::checker
