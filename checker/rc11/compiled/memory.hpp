#pragma once

#include "parley/checker/rc11/compiled/machine.hpp"
#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/property.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <utility>

namespace parley::rc11 {

/// The production platform, and what a party's port tells the machine of its objects.
struct CompiledPlatform : model::StdPlatform {
    using Where = std::source_location;

    template <class T, class... Args>
    static Owned<T> make(const Where& /*where*/, Args&&... args) {
        auto owned = Owned<T>::adopt(new T(std::forward<Args>(args)...));
        CompiledMachine::note_object(owned.alias());
        return owned;
    }

    template <class T>
    static T& access(const Owned<T>& owned, const Where& where = Where::current()) {
        return access(owned.alias(), where);
    }
    template <class T>
    static T& access(T* alias, const Where& /*where*/ = Where::current()) {
        CompiledMachine::touch(std::as_bytes(std::span(alias, 1)));
        return *alias;
    }

    template <class T>
    static void destroy(Owned<T>&& owned, const Where& /*where*/ = Where::current()) {
        delete owned.release();
    }
};

/// Compiled code of the production build, as MemoryRun wants an engine.
struct CompiledMemory {
    using Platform = CompiledPlatform;
    template <class V, class T>
    using Queue = typename V::template Queue<T>;

    static constexpr bool has_channels = false;
    static constexpr bool has_flags = false;
    static constexpr bool puts_off = false;
    static constexpr bool has_states = false;

    /// Lives in the engine, and not in memory under check.
    template <class T>
    class Kept {
     public:
        explicit Kept(const auto& make) {
            outside([&] {
                CompiledMachine& machine = CompiledMachine::current();
                if (machine.onlooker() == nullptr) {
                    machine.keep(std::make_unique<Looking>(make()));
                } else {
                    static_cast<Looking&>(*machine.onlooker()).value = make();
                }
                kept_ = &static_cast<Looking&>(*machine.onlooker()).value;
            });
        }
        T* operator->() const { return kept_; }

     private:
        struct Looking final : Onlooker {
            explicit Looking(T of_run) : value(std::move(of_run)) {}
            std::unique_ptr<Onlooker> copy() const override {
                return std::make_unique<Looking>(value);
            }
            void assign(const Onlooker& other) override {
                value = static_cast<const Looking&>(other).value;
            }
            T value;
        };

        T* kept_ = nullptr;
    };

    template <class F>
    static decltype(auto) outside(F&& work) {
        const CompiledMachine::Outside outside;
        return std::forward<F>(work)();
    }

    static std::uint32_t variables_made() { return CompiledMachine::current().variables_made(); }
    static std::uint32_t choose(std::uint32_t count) { return CompiledMachine::choose(count); }
    [[noreturn]] static void fail(const std::string& sentence) {
        CompiledMachine::current().fail(
            {std::string{specs::model::property::assertion}, sentence, {}});
    }
    static void end_step(const auto& script) {
        CompiledMachine::end_step(std::as_bytes(std::span(&script, 1)));
    }
    static void wait(const auto& script) {
        CompiledMachine::wait(std::as_bytes(std::span(&script, 1)));
    }
    static bool may_leave() { return CompiledMachine::may_leave(); }
    static bool is_over() { return CompiledMachine::is_over(); }
    static void note_queues(const auto& left_to_right, const auto& right_to_left) {
        CompiledMachine::current().note_queues(std::as_bytes(std::span(&left_to_right, 1)),
                                               std::as_bytes(std::span(&right_to_left, 1)));
    }
    static std::uint32_t number_of(const void* object) {
        return CompiledMachine::current().number_of(object);
    }
};

/// Where states can be merged, there is every order in which a party can do things.
struct MergedCompiledMemory : CompiledMemory {
    static constexpr bool puts_off = true;
};

}  // namespace parley::rc11
