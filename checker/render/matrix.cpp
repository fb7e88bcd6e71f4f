#include "parley/checker/render/matrix.hpp"

#include "parley/checker/render/text.hpp"

namespace parley::checker::render {

namespace {

constexpr std::size_t column_width = 9;
/// Names are there to be copied: rather a wide table than names that are cut.
constexpr std::size_t name_width_min = 34;

std::size_t name_width(std::size_t cell_count, const TableStyle& style) {
    const std::size_t cells_width = cell_count * column_width;
    return style.columns > cells_width + name_width_min ? style.columns - cells_width
                                                        : name_width_min;
}

std::string cell_text(const MatrixCell& cell) {
    switch (cell.find) {
        case Find::not_run:
            return "-";
        case Find::found:
            return duration(cell.seconds);
        case Find::survived:
            return "SURVIVED";
        case Find::mistaken:
            return "MISTAKEN";
        case Find::clean:
            return "clean";
        case Find::unclean:
            return "UNCLEAN";
    }
    return "";
}

Colour cell_colour(Find find) {
    if (find == Find::not_run) return Colour::dim;
    return is_as_expected(find) ? Colour::green : Colour::red;
}

}  // namespace

bool is_as_expected(Find find) {
    return find == Find::not_run || find == Find::found || find == Find::clean;
}

std::string matrix_head(std::string_view protocol, const std::vector<std::string_view>& engines,
                        const TableStyle& style) {
    std::string line = pad_right(printable(protocol), name_width(engines.size(), style));
    for (const std::string_view engine : engines) line += pad_left(printable(engine), column_width);
    return paint(line, Colour::bold, style.colour) + "\n";
}

std::string matrix_row(std::string_view variant, const std::vector<MatrixCell>& cells,
                       const TableStyle& style) {
    std::string line = pad_right("  " + printable(variant), name_width(cells.size(), style));
    for (const MatrixCell& cell : cells) {
        line +=
            paint(pad_left(cell_text(cell), column_width), cell_colour(cell.find), style.colour);
    }
    return line + "\n";
}

}  // namespace parley::checker::render
