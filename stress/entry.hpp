#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/subject.hpp"
#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/stress/cases.hpp"
#include "parley/stress/engine.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace parley::stress {

/// One variant of a protocol, as `V` under StdPlatform and as `C` under CheckPlatform.
template <class V, class C>
checker::VariantEntry stress_variant(std::string_view protocol, checker::PageSource page) {
    return {specs::model::mutant_of<C>(),
            stress_runner(
                [protocol, page](const checker::CheckOptions& check) {
                    return checker::subject_of<C>(protocol, check, page);
                },
                [protocol, page](const checker::CheckOptions& check,
                                 std::size_t count) -> std::unique_ptr<Cases> {
                    return std::make_unique<CasesOf<V, C>>(
                        check, count,
                        checker::conformance_of<C>(page, checker::subject_of<C>(protocol, check)));
                })};
}

/// The stress engine for every variant of a protocol, which must conform to `page`.
template <template <class> class... Variants>
checker::EngineEntry stress_entry(std::string_view protocol, checker::PageSource page,
                                  specs::model::VariantList<Variants...>) {
    using C = specs::model::CheckPlatform;
    using S = model::StdPlatform;
    return {"stress", {stress_variant<Variants<S>, Variants<C>>(protocol, page)...}};
}

}  // namespace parley::stress
