#pragma once

#include <concepts>

namespace parley::specs::model {

/// A bound of a script that a check may set (`--set rounds=3`): its default and the values that
/// make sense. An options struct of a spec is an aggregate of bounds; their names are the field
/// names. `capacity`, if there is one, is the capacity of both queues and must be a power of two.
struct Bound {
    int value;
    int min = 1;
    int max = 100;

    constexpr operator int() const { return value; }
};

}  // namespace parley::specs::model
