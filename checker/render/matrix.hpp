#pragma once

#include "parley/checker/render/table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker::render {

/// How one engine did on one variant.
enum class Find : std::uint8_t {
    not_run,   ///< the engine need not see this mutant
    found,     ///< one of the mutant's properties failed
    survived,  ///< nothing failed
    mistaken,  ///< a property failed that is none of the mutant's
    clean,     ///< an original, as it should be
    unclean,   ///< an original that is violated or undecided
};

/// One cell of the matrix of mutants and engines.
struct MatrixCell {
    Find find = Find::not_run;
    double seconds = 0;  ///< to find it
};

/// Whether the check of the checkers passes this cell.
bool is_as_expected(Find find);

/// The matrix line by line, so that each can be shown as soon as it is known.
std::string matrix_head(std::string_view protocol, const std::vector<std::string_view>& engines,
                        const TableStyle& style);
std::string matrix_row(std::string_view variant, const std::vector<MatrixCell>& cells,
                       const TableStyle& style);

}  // namespace parley::checker::render
