#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/catalog.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/memory_run.hpp"
#include "parley/checker/rc11/protocol/channel.hpp"
#include "parley/checker/rc11/protocol/known_queue.hpp"
#include "parley/checker/rc11/protocol/machine.hpp"
#include "parley/checker/rc11/protocol/platform.hpp"
#include "parley/checker/rc11/protocol/runner.hpp"
#include "parley/checker/rc11/protocol/small_bounds.hpp"
#include "parley/checker/rc11/protocol/test_of.hpp"
#include "parley/checker/state_writer.hpp"
#include "parley/checker/subject.hpp"
#include "parley/specs/model/check_platform.hpp"
#include "parley/specs/model/mutant.hpp"
#include "parley/specs/model/property.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace parley::rc11 {

/// This engine, as MemoryRun wants one.
struct Memory : checker::DirectMemory {
    using Platform = Rc11Platform;
    template <class V, class T>
    using Queue = typename V::template Queue<T>;

    static constexpr bool has_channels = false;
    static constexpr bool has_flags = false;
    static constexpr bool puts_off = false;
    static std::uint32_t variables_made() { return Machine::current().variables_made(); }
    static std::uint32_t choose(std::uint32_t count) { return Machine::current().choose(count); }
    [[noreturn]] static void fail(const std::string& sentence) {
        Machine::current().fail({std::string{specs::model::property::assertion}, sentence, {}});
    }
    template <class Script>
    static void end_step(const Script& script) {
        Machine::current().end_step(std::as_bytes(std::span{&script, 1}));
    }
    template <class Script>
    static void wait(const Script& script) {
        Machine::current().wait(std::as_bytes(std::span{&script, 1}));
    }
    static bool may_leave() {
        Machine::current().may_leave();
        return false;
    }
    static bool is_over() { return false; }
};

/// With states that the engine can merge. Who has touched an object is not in them: only its owner
/// does, who has it by a message, and so knows of all that was done to it if it knows of what the
/// message was put into.
struct MergedMemory : Memory {
    static constexpr bool has_states = true;
    static constexpr bool puts_off = true;
    static StateBytes* answers() { return Machine::current().answers(); }
};

/// Over queues that say what their ends remember.
struct KnownMemory : MergedMemory {
    static void write_producer(const auto& queue, checker::StateWriter& writer) {
        auto end = queue.producer_remembers();
        writer(end);
    }
    static void write_consumer(const auto& queue, checker::StateWriter& writer) {
        auto end = queue.consumer_remembers();
        writer(end);
    }
};

/// Over channels in place of the queues. What their ends remember follows from what they have been
/// told.
struct ChannelMemory : MergedMemory {
    template <class V, class T>
    using Queue = Channel<T>;

    static constexpr bool has_channels = true;
    static void write_producer(const auto& /*channel*/, checker::StateWriter& /*writer*/) {}
    static void write_consumer(const auto& /*channel*/, checker::StateWriter& /*writer*/) {}
};

/// The engine, over the real queues of `V`.
template <class V>
using RealMemory = std::conditional_t<HasKnownQueues<V>, KnownMemory, Memory>;

/// One variant of a protocol, as `V` under Rc11Platform and as `C` under CheckPlatform, over
/// channels and as `Real` has it.
template <class V, class C, class Real = RealMemory<V>>
checker::VariantEntry rc11_variant(std::string_view protocol, checker::PageSource page) {
    using Options = typename C::Options;
    const auto describe = [protocol, page](const checker::CheckOptions& check) {
        return checker::subject_of<C>(protocol, with_small_bounds<Options>(check), page);
    };
    const auto make_test = [describe, page](const checker::CheckOptions& check,
                                            checker::Campaign& campaign) -> std::unique_ptr<Test> {
        const auto bounds = with_small_bounds<Options>(check).bounds;
        const auto make_over = [&]<class M>(M) -> std::unique_ptr<Test> {
            auto make = [options = checker::options_with<Options>(bounds),
                         rules = checker::conformance_of<C>(page, describe(check)), &campaign] {
                return checker::MemoryRun<V, C, M>{options, campaign, rules.get()};
            };
            return std::make_unique<TestOf<decltype(make)>>(std::move(make));
        };
        return has_channels(check) ? make_over(ChannelMemory{}) : make_over(Real{});
    };
    return rc11_entry_of(specs::model::mutant_of<C>(), describe, make_test);
}

/// The rc11 engine for every variant of a protocol, which must conform to `page`.
template <template <class> class... Variants>
checker::EngineEntry rc11_entry(std::string_view protocol, checker::PageSource page,
                                specs::model::VariantList<Variants...>) {
    using C = specs::model::CheckPlatform;
    return {"rc11", {rc11_variant<Variants<Rc11Platform>, Variants<C>>(protocol, page)...}};
}

}  // namespace parley::rc11
