#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/stress/engine.hpp"

namespace parley::stress {

/// The stress engine for every variant of a protocol; `Name::value` is its name.
template <class Name, template <class> class... Variants>
checker::EngineEntry stress_entry(specs::model::VariantList<Variants...>) {
    using C = specs::model::CheckPlatform;
    using S = model::StdPlatform;
    return {"stress",
            {checker::VariantEntry{
                specs::model::mutant_of<Variants<C>>(),
                {[](const checker::CheckOptions& check) {
                     return Engine<Variants<S>, Variants<C>>{Name::value, check}.run();
                 },
                 nullptr,
                 nullptr}}...}};
}

}  // namespace parley::stress
