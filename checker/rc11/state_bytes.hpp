#pragma once

#include "parley/checker/raw_bytes.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace parley::rc11 {

/// All that decides how a run goes on: where it is the same, the same can follow.
using StateBytes = std::vector<std::byte>;

inline void append(StateBytes& to, std::span<const std::byte> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}
template <checker::RawBytes T>
void append(StateBytes& to, const T& value) {
    append(to, std::as_bytes(std::span(&value, 1)));
}

}  // namespace parley::rc11
