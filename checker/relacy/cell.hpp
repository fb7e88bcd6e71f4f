#pragma once

#include "parley/checker/relacy/race_guard.hpp"
#include "parley/checker/relacy/session.hpp"

#include <cstddef>
#include <new>
#include <source_location>

namespace parley::checker::relacy {

/// Room for one `T` that only one thread may touch at a time. storage(), value() and the end of
/// the cell all count as a write: two of them that no synchronisation orders are a data race.
template <class T>
class Cell {
 public:
    using Where = std::source_location;

    Cell() : variable_(session.variables_made++) {}
    ~Cell() { touch(Where::current()); }
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
    void touch(const Where& where) {
        record({.operation = MemoryOperation::plain, .variable = variable_}, where);
        if (!guard_.touch()) [[unlikely]] {
            fail(FailureClass::data_race,
                 "two threads touched the same memory and nothing orders the two", where);
        }
    }

    alignas(T) std::byte bytes_[sizeof(T)];
    std::uint32_t variable_;
    RaceGuard guard_;
};

}  // namespace parley::checker::relacy
