#pragma once

#include "parley/checker/trace.hpp"

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
    int message = 0;         ///< the message's number in its queue
    std::size_t event = 0;   ///< the number of its first event, counted from 1; 0: none
    std::size_t count = 1;   ///< how many events it stands for
    std::size_t period = 0;  ///< of a gap that stands for repetitions: of how many rows before it
    bool is_memory = false;
    bool is_stale = false;   ///< a load that did not read the newest store
    bool is_access = false;  ///< nothing but touches an object
    bool is_object = false;  ///< makes, touches or destroys objects
    bool ends_step = false;
    bool is_breaking = false;

    /// Whether two rows would look alike, their event numbers aside.
    bool is_like(const ChartRow& row) const;
    std::string& state_of(model::Party whose);
};

/// A row for each event of `trace`, the last one breaking. Texts are printable.
std::vector<ChartRow> rows_of(const Trace& trace);

/// What a row says and, of a memory operation, where: "load x (acquire): 0  queue.hpp:12".
std::string text_with_place(const ChartRow& row);

/// What `event` says, without who did it and who received it.
std::string event_text(const Event& event);

/// As a predicate: "sends Arm", "receives Fired", "cannot send Arm: the queue is full".
std::string event_predicate(const Event& event);

}  // namespace parley::checker::render
