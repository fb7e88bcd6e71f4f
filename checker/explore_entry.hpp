#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/explore.hpp"
#include "parley/checker/lift.hpp"
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
        const auto make_chooser = [](std::uint64_t seed) { return RandomChooser{seed}; };
        return Walker<V, decltype(make_chooser)>{Name::value, check, make_chooser}.run();
    }
    if (check.scheduler == "pct") {
        constexpr std::uint32_t steps_expected = 100;
        const auto make_chooser = [&](std::uint64_t seed) {
            return PctChooser{seed, check.depth, steps_expected};
        };
        return Walker<V, decltype(make_chooser)>{Name::value, check, make_chooser}.run();
    }
    return Explorer<V>{Name::value, check}.run();
}

template <class V, class Name>
Report explore_replay(const CheckOptions& check, const Choices& choices) {
    return replay<V>(Name::value, check, choices);
}

/// The explore engine for every variant of a protocol; `Name::value` is its name.
template <class Name, template <class> class... Variants>
EngineEntry explore_entry(specs::model::VariantList<Variants...>) {
    using P = specs::model::CheckPlatform;
    return {"explore",
            {VariantEntry{specs::model::mutant_of<Variants<P>>(),
                          {&explore_check<Variants<P>, Name>, &explore_replay<Variants<P>, Name>,
                           &lift<Variants<P>>}}...}};
}

}  // namespace parley::checker
