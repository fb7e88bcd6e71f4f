#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/campaign.hpp"
#include "parley/checker/catalog.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/memory_run.hpp"
#include "parley/checker/party_end.hpp"
#include "parley/checker/rc11/compiled/machine.hpp"
#include "parley/checker/rc11/compiled/memory.hpp"
#include "parley/checker/rc11/protocol/known_queue.hpp"
#include "parley/checker/rc11/protocol/runner.hpp"
#include "parley/checker/rc11/protocol/small_bounds.hpp"
#include "parley/checker/subject.hpp"
#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace parley::rc11 {

/// The code under check of a variant: its two parties as two threads. `Make` makes its MemoryRun.
template <class Make>
class CompiledTestOf final : public CompiledTest {
 public:
    using Run = std::invoke_result_t<Make&>;

    explicit CompiledTestOf(Make make) : make_(std::move(make)) {}

    void code() override {
        const std::unique_ptr<Run> run(new Run(make_()));
        CompiledMemory::outside([&] { run_ = run.get(); });
        std::thread right(&take_part, run.get(), 1U);
        take_part(run.get(), 0U);
        right.join();
        if (!CompiledMachine::is_over()) CompiledMemory::outside([&] { run->after(); });
    }
    bool after(std::array<checker::PartyEnd, 2> ends) override { return run_->after(ends); }
    void write_onlooker(StateBytes& to) override { run_->write_witness(to); }

 private:
    static void take_part(Run* run, unsigned index) {
        try {
            run->thread(index);
        } catch (...) {
            CompiledMachine::leave_by_exception();
        }
        CompiledMachine::finish();
    }

    Make make_;
    Run* run_ = nullptr;  ///< in memory under check
};

/// One variant of a protocol, as `V` under StdPlatform and as `C` under CheckPlatform.
template <
    class V, class C,
    class Memory = std::conditional_t<HasKnownQueues<V>, MergedCompiledMemory, CompiledMemory>>
checker::VariantEntry compiled_variant(std::string_view protocol, checker::PageSource page) {
    using Options = typename C::Options;
    const auto describe = [protocol, page](const checker::CheckOptions& check) {
        return checker::subject_of<C>(protocol, with_small_bounds<Options>(check), page);
    };
    const auto make_program = [describe, page](const checker::CheckOptions& check,
                                               checker::Campaign& campaign, checker::MemoryLog* log,
                                               OrderWatch* /*orders*/) {
        const auto bounds = with_small_bounds<Options>(check).bounds;
        auto make = [options = checker::options_with<Options>(bounds),
                     rules = checker::conformance_of<C>(page, describe(check)), &campaign] {
            return checker::MemoryRun<V, C, Memory>{options, campaign, rules.get()};
        };
        return std::make_unique<CompiledMachine>(
            std::make_unique<CompiledTestOf<decltype(make)>>(std::move(make)), campaign, log);
    };
    return {specs::model::mutant_of<C>(), runner_of({compiled_engine, describe, make_program})};
}

/// The rc11 engine on the compiled code of every variant of a protocol, which must conform to
/// `page`. To be compiled as parley_add_model_check() says.
template <template <class> class... Variants>
checker::EngineEntry compiled_entry(std::string_view protocol, checker::PageSource page,
                                    specs::model::VariantList<Variants...>) {
    using C = specs::model::CheckPlatform;
    using S = model::StdPlatform;
    return {compiled_engine, {compiled_variant<Variants<S>, Variants<C>>(protocol, page)...}};
}

}  // namespace parley::rc11
