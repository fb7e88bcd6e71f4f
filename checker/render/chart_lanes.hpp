#pragma once

#include "parley/checker/render/chart_rows.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace parley::checker::render {

/// Draws what lies between the two lanes, row after row, and remembers which messages are on their
/// way: each has a column of its own, a track, from the row where it was sent to the row where it
/// is received. When there are more messages than tracks the rest have arrows with open ends.
class ChartLanes {
 public:
    /// `width`: the columns between the lanes.
    explicit ChartLanes(std::size_t width) : width_(width) {}

    /// The lines for the next row, each of exactly `width` columns; only texts need several.
    std::vector<std::string> draw(const ChartRow& row);

    /// An empty line: only the tracks.
    std::string background() const;

 private:
    using Message = std::pair<model::Party, int>;

    std::string draw_arrow(const ChartRow& row) const;
    std::string draw_send(const ChartRow& row);
    std::string draw_open(const ChartRow& row) const;
    std::string draw_receive(const ChartRow& row);
    std::string draw_refuse(const ChartRow& row) const;
    std::vector<std::string> draw_text(const ChartRow& row) const;

    /// A free column for a message of `sender`, counted from its lane; 0: none.
    std::size_t free_track(model::Party sender) const;
    void draw_line(std::string& line, std::size_t from, std::size_t to) const;

    std::size_t width_;
    std::map<Message, std::size_t> tracks_;  ///< columns counted from the left lane
};

}  // namespace parley::checker::render
