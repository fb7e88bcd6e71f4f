#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/catalog.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/memory_run.hpp"
#include "parley/checker/relacy/platform.hpp"
#include "parley/checker/relacy/runner.hpp"
#include "parley/checker/relacy/simulate.hpp"
#include "parley/checker/subject.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace parley::checker::relacy {

/// This engine, as MemoryRun wants one.
struct Memory : DirectMemory {
    using Platform = RelacyPlatform;
    template <class V, class T>
    using Queue = typename V::template Queue<T>;

    static constexpr bool has_channels = false;
    static constexpr bool has_flags = true;
    static constexpr bool puts_off = true;
    static std::uint32_t variables_made() { return relacy::variables_made(); }
    static std::uint32_t choose(std::uint32_t count) { return relacy::choose(count); }
    [[noreturn]] static void fail(const std::string& sentence) { relacy::fail(sentence); }
    static void end_step(const auto& /*script*/) { note_progress(); }
    static void wait(const auto& /*script*/) { RelacyPlatform::pause(); }
    static bool may_leave() { return false; }
    static bool is_over() { return false; }
};

/// One variant of a protocol, as `V` under RelacyPlatform and as `C` under CheckPlatform.
template <class V, class C>
VariantEntry relacy_variant(std::string_view protocol, PageSource page) {
    return {specs::model::mutant_of<C>(),
            relacy_runner(
                [protocol, page](const CheckOptions& check) {
                    return subject_of<C>(protocol, check, page);
                },
                [protocol, page](const CheckOptions& check,
                                 Campaign& campaign) -> std::unique_ptr<Program> {
                    auto make = [options = options_with<typename C::Options>(check.bounds),
                                 rules = conformance_of<C>(page, subject_of<C>(protocol, check)),
                                 &campaign] {
                        return MemoryRun<V, C, Memory>{options, campaign, rules.get()};
                    };
                    return std::make_unique<ProgramOf<decltype(make)>>(std::move(make));
                })};
}

/// The relacy engine for every variant of a protocol, which must conform to `page`.
template <template <class> class... Variants>
EngineEntry relacy_entry(std::string_view protocol, PageSource page,
                         specs::model::VariantList<Variants...>) {
    using C = specs::model::CheckPlatform;
    using R = RelacyPlatform;
    return {"relacy", {relacy_variant<Variants<R>, Variants<C>>(protocol, page)...}};
}

}  // namespace parley::checker::relacy
