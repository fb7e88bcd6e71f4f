#pragma once

#include "parley/checker/render/chart.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::checker::render {

/// What one row of a chart shows.
enum class RowShape : std::uint8_t {
    arrow,    ///< a message that was received as soon as it was sent
    send,     ///< a message leaves and will arrive in a later row
    stay,     ///< a message leaves and is still in its queue at the end
    receive,  ///< a message arrives
    refuse,   ///< a message did not fit into the queue
    text,     ///< something that one party did
    gap,      ///< something that is left out
};

/// One row of a chart, before it is drawn.
struct ChartRow {
    RowShape shape = RowShape::text;
    model::Party party = model::Party::left;  ///< who acts; of messages the sender
    std::string text;
    std::string file;  ///< of a memory operation
    int line = 0;
    std::string left_state;  ///< empty: not shown
    std::string right_state;
    std::size_t event = 0;  ///< its number, counted from 1; 0: none
    int message = 0;        ///< the message's number in its queue
    bool is_stale = false;  ///< a load that did not read the newest store
    bool is_breaking = false;

    /// Whether two rows would look alike, their event numbers aside.
    bool is_like(const ChartRow& row) const;
};

/// The rows of a chart, and what was left out of them.
struct ChartRows {
    std::vector<ChartRow> rows;
    std::size_t hidden_count = 0;  ///< memory operations that are not shown
};

/// The rows for the events of `trace`. Texts are printable.
ChartRows chart_rows(const Trace& trace, const ChartStyle& style);

/// What `event` says, without who did it and who received it.
std::string event_text(const Event& event);

}  // namespace parley::checker::render
