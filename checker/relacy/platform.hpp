#pragma once

#include "parley/checker/relacy/atomic.hpp"
#include "parley/checker/relacy/cell.hpp"
#include "parley/checker/relacy/owned.hpp"
#include "parley/checker/relacy/relacy.hpp"
#include "parley/checker/relacy/session.hpp"
#include "parley/protocols/model/platform.hpp"

#include <atomic>
#include <concepts>
#include <source_location>
#include <utility>

namespace parley::checker::relacy {

/// Shared memory under Relacy: production code that is templated over a platform runs in a
/// simulation as it is. Everything here may be used only while simulate() runs.
struct RelacyPlatform {
    template <class T>
    using Atomic = relacy::Atomic<T>;
    template <class T>
    using Cell = relacy::Cell<T>;
    template <class T>
    using Owned = relacy::Owned<T>;

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

    static void fence(std::memory_order order, Where where = Where::current());

    /// Lets the other thread go on.
    static void pause(Where where = Where::current());
};

static_assert(model::Platform<RelacyPlatform>);

}  // namespace parley::checker::relacy
