#pragma once

#include <cstddef>

namespace parley::specs::model {

/// A bound of a script that a check may set (`--set rounds=3`): its default and the values that
/// make sense. An options struct of a spec is an aggregate of bounds; their names are the field
/// names. `capacity` is the capacity of both queues and must be a power of two; see capacity_of().
struct Bound {
    int value;
    int min = 1;
    int max = 100;

    constexpr operator int() const { return value; }
};

/// How many messages each queue holds: the bound `capacity` of the options, or what their member
/// function `capacity()` makes of other bounds. Real queues need a power of two, explore does not.
template <class Options>
constexpr std::size_t capacity_of(const Options& options) {
    if constexpr (requires { options.capacity(); }) {
        return static_cast<std::size_t>(options.capacity());
    } else {
        return static_cast<std::size_t>(options.capacity.value);
    }
}

}  // namespace parley::specs::model
