#pragma once

#include "parley/checker/rc11/protocol/atomic.hpp"
#include "parley/checker/rc11/protocol/cell.hpp"
#include "parley/checker/rc11/protocol/machine.hpp"
#include "parley/checker/rc11/protocol/owned.hpp"
#include "parley/protocols/model/platform.hpp"

#include <atomic>
#include <source_location>
#include <utility>

namespace parley::rc11 {

/// Shared memory under the engine: production code that is templated over a platform runs as it is.
/// Everything here may be used only while a Machine runs.
struct Rc11Platform {
    template <class T>
    using Atomic = rc11::Atomic<T>;
    template <class T>
    using Cell = rc11::Cell<T>;
    template <class T>
    using Owned = rc11::Owned<T>;

    using Where = std::source_location;

    /// Makes an object with these arguments. A place in the source cannot follow them, so it leads.
    template <class T, class... Args>
    static Owned<T> make(Where where, Args&&... args) {
        return Owned<T>::adopt(make_object<T>(where, std::forward<Args>(args)...));
    }

    template <class T>
    static T& access(const Owned<T>& owned, Where where = Where::current()) {
        return access_object(owned.alias(), where);
    }
    template <class T>
    static T& access(Object<T>* alias, Where where = Where::current()) {
        return access_object(alias, where);
    }

    template <class T>
    static void destroy(Owned<T>&& owned, Where where = Where::current()) {
        destroy_object(owned.release(), where);
    }

    static void fence(std::memory_order order, Where where = Where::current()) {
        if (order != std::memory_order_relaxed) Machine::current().fence(order_of(order), where);
    }

    /// A hint only: what waits says so with Machine::wait().
    static void pause() {}
};

static_assert(model::Platform<Rc11Platform>);

}  // namespace parley::rc11
