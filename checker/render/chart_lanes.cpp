#include "parley/checker/render/chart_lanes.hpp"

#include "parley/checker/render/phrase.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace parley::checker::render {

namespace {

using model::Party;

constexpr char track_mark = ':';
constexpr std::size_t track_step = 3;
constexpr std::size_t text_min = 6;  ///< of a message that has a track

/// Puts `text` over `line` so that it starts in column `column`; a line of the right party is drawn
/// turned around, so its text ends there.
void put(std::string& line, Party party, std::size_t column, const std::string& text) {
    const std::size_t room = column < line.size() ? line.size() - column : 0;
    const std::string shown = cut(text, room);
    const std::size_t start = party == Party::left ? column : line.size() - column - shown.size();
    line.replace(start, shown.size(), shown);
}

std::string head_of(Party sender) {
    return sender == Party::left ? ">" : "<";
}

/// The column that is `column` columns away from the lane of `party`.
std::size_t seen_from(Party party, std::size_t column, std::size_t width) {
    return party == Party::left ? column : width - 1 - column;
}

/// The row's text with the place in the source, which is as short as `columns` need it to be.
std::string with_place(const ChartRow& row, std::size_t columns) {
    if (row.file.empty()) return row.text;
    const std::string place = fmt::format("{}  {}:{}", row.text, row.file, row.line);
    return place.size() <= columns ? place : fmt::format("{}  :{}", row.text, row.line);
}

}  // namespace

std::string ChartLanes::background() const {
    std::string line(width_, ' ');
    for (const auto& [message, column] : tracks_) line[column] = track_mark;
    return line;
}

std::vector<std::string> ChartLanes::draw(const ChartRow& row) {
    switch (row.shape) {
        case RowShape::arrow:
            return {draw_arrow(row)};
        case RowShape::send:
            return {draw_send(row)};
        case RowShape::stay:
            return {draw_open(row)};
        case RowShape::receive:
            return {draw_receive(row)};
        case RowShape::refuse:
            return {draw_refuse(row)};
        case RowShape::text:
        case RowShape::gap:
            break;
    }
    return draw_text(row);
}

void ChartLanes::draw_line(std::string& line, std::size_t from, std::size_t to) const {
    for (std::size_t i = std::min(from, to); i <= std::max(from, to); ++i) {
        line[i] = line[i] == track_mark ? '+' : '-';
    }
}

std::string ChartLanes::draw_arrow(const ChartRow& row) const {
    std::string line = background();
    draw_line(line, 0, width_ - 1);
    put(line, row.party, 2, fit_message(row.text, width_ - 5));
    put(line, row.party, width_ - 1, head_of(row.party));
    return line;
}

/// A later message leaves further back, so that it does not cross those before it.
std::size_t ChartLanes::free_track(Party sender) const {
    const auto is_free = [&](std::size_t column) {
        const std::size_t place = seen_from(sender, column, width_);
        return std::ranges::none_of(tracks_, [&](const auto& track) {
            return track.second + 1 >= place && place + 1 >= track.second;
        });
    };
    for (std::size_t column = width_ / 2 - 2; column >= text_min + 4; column -= track_step) {
        if (is_free(column)) return column;
    }
    return 0;
}

std::string ChartLanes::draw_send(const ChartRow& row) {
    const std::size_t track = free_track(row.party);
    if (track == 0) return draw_open(row);
    std::string line = background();
    draw_line(line, seen_from(row.party, 0, width_), seen_from(row.party, track, width_));
    put(line, row.party, 2, fit_message(row.text, track - 4));
    put(line, row.party, track, ".");
    tracks_[{row.party, row.message}] = seen_from(row.party, track, width_);
    return line;
}

std::string ChartLanes::draw_open(const ChartRow& row) const {
    std::string line = background();
    const std::string text = fit_message(row.text, width_ - 10);
    const std::size_t end = text.size() + 4;
    draw_line(line, seen_from(row.party, 0, width_), seen_from(row.party, end, width_));
    put(line, row.party, 2, text);
    put(line, row.party, end, head_of(row.party));
    return line;
}

std::string ChartLanes::draw_receive(const ChartRow& row) {
    const auto track = tracks_.find({row.party, row.message});
    const bool has_track = track != tracks_.end();
    const std::size_t track_start = has_track ? seen_from(row.party, track->second, width_) : 0;
    if (has_track) tracks_.erase(track);
    const std::string text =
        fit_message(row.text, has_track ? width_ - track_start - 5 : width_ / 2);
    const std::size_t start = has_track ? track_start : width_ - text.size() - 6;
    std::string line = background();
    draw_line(line, seen_from(row.party, start, width_), seen_from(row.party, width_ - 1, width_));
    put(line, row.party, width_ - text.size() - 3, text);
    if (has_track) put(line, row.party, start, "'");
    put(line, row.party, width_ - 1, head_of(row.party));
    return line;
}

std::string ChartLanes::draw_refuse(const ChartRow& row) const {
    const std::string reason = "the queue is full";
    std::string line = background();
    const std::string text = fit_message(row.text, width_ - reason.size() - 8);
    const std::size_t end = text.size() + 4;
    draw_line(line, seen_from(row.party, 0, width_), seen_from(row.party, end, width_));
    put(line, row.party, 2, text);
    put(line, row.party, end, row.party == Party::left ? "x  " + reason : reason + "  x");
    return line;
}

std::vector<std::string> ChartLanes::draw_text(const ChartRow& row) const {
    std::vector<std::string> lines;
    for (const std::string& text : wrap(with_place(row, width_ - 2), width_ - 2)) {
        std::string line = background();
        if (row.shape == RowShape::gap) {
            line.replace((width_ - text.size()) / 2, text.size(), text);
        } else {
            put(line, row.party, 1, text);
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace parley::checker::render
