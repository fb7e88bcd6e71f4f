#pragma once

#include "parley/checker/render/chart_rows.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace parley::checker::render {

/// `rows` with each repeated row or group of rows shown once and its repetitions counted.
std::vector<ChartRow> fold(const std::vector<ChartRow>& rows);

/// "... these 3 lines 7 more times".
std::string repeats_text(std::size_t lines, std::size_t more);

/// `rows` with the middle left out when there are more than `rows_max`; the last ones, where the
/// property breaks, get most of the room.
std::vector<ChartRow> elide(std::vector<ChartRow> rows, std::size_t rows_max);

}  // namespace parley::checker::render
