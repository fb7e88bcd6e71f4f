#pragma once

#include <cstddef>
#include <string>

namespace parley::cli {

/// The longest page that is read.
inline constexpr std::size_t page_bytes_max = 1U << 20U;

/// All of a file. Throws InputError when it cannot be read or is larger than `bytes_max`, before
/// reading more than that.
std::string read_input(const std::string& path, std::size_t bytes_max);

}  // namespace parley::cli
