#include "parley/checker/transcript.hpp"

namespace parley::checker {

namespace {

bool is_message(const Event& event) {
    return event.kind == EventKind::send || event.kind == EventKind::receive;
}

/// "!Item(number=1, buffer=#)": objects are named by "#" and digits or dots.
std::string line_of(const Event& event) {
    std::string line{event.kind == EventKind::send ? '!' : '?'};
    bool is_in_name = false;
    for (const char c : event.what) {
        const bool is_name_part = (c >= '0' && c <= '9') || c == '.';
        is_in_name = c == '#' || (is_in_name && is_name_part);
        if (!is_in_name || c == '#') line += c;
    }
    return line;
}

}  // namespace

Transcript::Transcript(const Trace& trace) {
    for (const Event& event : trace.events) {
        if (is_message(event)) lines_[index_of(event.party)].push_back(line_of(event));
    }
}

bool Transcript::follows(Position& position, std::span<const Event> events) const {
    for (const Event& event : events) {
        if (!is_message(event)) continue;
        const auto& lines = lines_[index_of(event.party)];
        std::uint16_t& seen = position.seen[index_of(event.party)];
        if (seen == lines.size() || lines[seen] != line_of(event)) return false;
        ++seen;
    }
    return true;
}

bool Transcript::is_over(const Position& position) const {
    return position.seen[0] == lines_[0].size() && position.seen[1] == lines_[1].size();
}

}  // namespace parley::checker
