#pragma once

#include <type_traits>

namespace parley::checker {

/// Equal values have equal bytes, and bytes can be turned back into the value.
template <class T>
concept RawBytes = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>;

}  // namespace parley::checker
