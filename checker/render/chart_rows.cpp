#include "parley/checker/render/chart_rows.hpp"

#include "parley/checker/render/phrase.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace parley::checker::render {

namespace {

using model::Party;

constexpr std::size_t state_columns = 18;
constexpr std::size_t state_columns_beside_memory = 14;

std::string verb_of(const Event& event) {
    switch (event.kind) {
        case EventKind::load:
            return "load";
        case EventKind::store:
            return "store";
        case EventKind::modify:
            return "modify";
        case EventKind::fence:
            return "fence";
        default:
            return event.what.empty() ? "access" : event.what;
    }
}

std::string memory_text(const Event& event) {
    const MemoryAccess& memory = *event.memory;
    const bool is_store = event.kind == EventKind::store || event.kind == EventKind::modify;
    std::string text = verb_of(event);
    if (!memory.variable.empty()) text += " " + memory.variable;
    if (is_store && !memory.value.empty()) text += " = " + memory.value;
    if (!memory.order.empty()) text += fmt::format(" ({})", memory.order);
    if (is_store) return text;
    if (!memory.newest.empty()) {
        return fmt::format("{}: read {} (newest {})", text, memory.value, memory.newest);
    }
    return memory.value.empty() ? text : text + ": " + memory.value;
}

RowShape shape_of(EventKind kind) {
    if (kind == EventKind::send) return RowShape::send;
    if (kind == EventKind::receive) return RowShape::receive;
    return kind == EventKind::refuse ? RowShape::refuse : RowShape::text;
}

/// Everything of a row but its state.
ChartRow row_of(const Event& event) {
    ChartRow row;
    row.shape = shape_of(event.kind);
    row.party = row.shape == RowShape::receive ? model::other(event.party) : event.party;
    row.text = printable(event_text(event));
    row.message = event.number;
    row.is_access = event.kind == EventKind::access;
    row.is_object =
        row.is_access || event.kind == EventKind::make || event.kind == EventKind::destroy;
    row.ends_step = !event.state.empty();
    if (!event.memory) return row;
    row.is_memory = true;
    row.is_stale = !event.memory->newest.empty();
    row.file = printable(event.memory->file.substr(event.memory->file.rfind('/') + 1));
    row.line = event.memory->line;
    return row;
}

}  // namespace

bool ChartRow::is_like(const ChartRow& row) const {
    const bool has_track =
        shape == RowShape::send || shape == RowShape::stay || shape == RowShape::receive;
    return !has_track && !is_breaking && !row.is_breaking && shape == row.shape &&
           party == row.party && text == row.text && file == row.file && line == row.line &&
           left_state == row.left_state && right_state == row.right_state;
}

std::string& ChartRow::state_of(Party whose) {
    return whose == Party::left ? left_state : right_state;
}

std::string event_text(const Event& event) {
    if (event.memory) return memory_text(event);
    switch (event.kind) {
        case EventKind::make:
            return "make " + event.what;
        case EventKind::access:
            return "touch " + event.what;
        case EventKind::act:
            return event.what.empty() ? "(acts, nothing is sent)" : event.what;
        case EventKind::destroy:
            return "destroy " + event.what;
        case EventKind::reject:
            return "does not expect " + event.what;
        default:
            return event.what;
    }
}

std::string event_predicate(const Event& event) {
    const std::string text = event_text(event);
    switch (event.kind) {
        case EventKind::send:
            return "sends " + text;
        case EventKind::receive:
            return "receives " + text;
        case EventKind::refuse:
            return "cannot send " + text + ": the queue is full";
        default:
            return text;
    }
}

std::string text_with_place(const ChartRow& row) {
    std::string text = row.text;
    if (!row.file.empty()) text += fmt::format("  {}:{}", row.file, row.line);
    return text;
}

std::vector<ChartRow> rows_of(const Trace& trace) {
    const auto is_memory = [](const Event& event) { return event.memory.has_value(); };
    const bool has_memory = std::ranges::any_of(trace.events, is_memory);
    const std::size_t columns = has_memory ? state_columns_beside_memory : state_columns;
    std::array<std::string, 2> states;
    std::vector<ChartRow> rows;
    rows.reserve(trace.events.size());
    for (const Event& event : trace.events) {
        ChartRow& row = rows.emplace_back(row_of(event));
        row.event = rows.size();
        if (event.state.empty()) continue;
        std::string& before = states[index_of(event.party)];
        std::string state = printable(event.state);
        row.state_of(event.party) = fit_state(state, before, columns);
        before = std::move(state);
    }
    if (!rows.empty()) rows.back().is_breaking = true;
    return rows;
}

}  // namespace parley::checker::render
