#pragma once

#include "parley/checker/rc11/protocol/machine.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <source_location>

namespace parley::rc11 {

/// Room for one `T` that only one thread may touch at a time. storage() and value() count as a
/// write: two of them that no synchronisation orders are a data race.
template <class T>
class Cell {
 public:
    using Where = std::source_location;

    Cell() : variable_(Machine::current().make_variable()) {}
    Cell(const Cell&) = delete;
    Cell& operator=(const Cell&) = delete;

    T* storage(Where where = Where::current()) {
        touch(where);
        return reinterpret_cast<T*>(bytes_);
    }
    T& value(Where where = Where::current()) {
        touch(where);
        return *std::launder(reinterpret_cast<T*>(bytes_));
    }

 private:
    void touch(const Where& where) { touch_cell(variable_, uses_, where); }

    alignas(T) std::byte bytes_[sizeof(T)];
    std::uint32_t variable_;
    Uses uses_{};
};

}  // namespace parley::rc11
