#pragma once

#include "parley/checker/render/chart_rows.hpp"

#include <cstddef>
#include <vector>

namespace parley::checker::render {

/// `rows` with each repeated row or group of rows shown once and its repetitions counted.
std::vector<ChartRow> fold(std::vector<ChartRow> rows);

/// `rows` with the middle left out when there are more than `rows_max`; the last ones, where the
/// property breaks, get most of the room.
std::vector<ChartRow> elide(std::vector<ChartRow> rows, std::size_t rows_max);

}  // namespace parley::checker::render
