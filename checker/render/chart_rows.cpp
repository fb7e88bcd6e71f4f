#include "parley/checker/render/chart_rows.hpp"

#include "parley/checker/render/chart_fold.hpp"
#include "parley/checker/render/phrase.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <set>
#include <string_view>
#include <utility>

namespace parley::checker::render {

namespace {

using model::Party;

constexpr std::size_t state_columns = 18;
constexpr std::size_t state_columns_beside_memory = 12;

bool is_memory(const Event& event) {
    return event.memory.has_value();
}

bool is_stale(const Event& event) {
    return is_memory(event) && !event.memory->newest.empty();
}

bool is_object(const Event& event) {
    return event.kind == EventKind::make || event.kind == EventKind::access ||
           event.kind == EventKind::destroy;
}

std::string memory_text(const Event& event) {
    const MemoryAccess& memory = *event.memory;
    const std::string order = memory.order.empty() ? "" : fmt::format(" ({})", memory.order);
    const bool is_store = event.kind == EventKind::store || event.kind == EventKind::modify;
    std::string verb = event.what.empty() ? "access" : event.what;
    if (event.kind == EventKind::load) verb = "load";
    if (event.kind == EventKind::store) verb = "store";
    if (event.kind == EventKind::modify) verb = "modify";
    if (event.kind == EventKind::fence) verb = "fence";
    std::string text = verb;
    if (!memory.variable.empty()) text += " " + memory.variable;
    if (is_store && !memory.value.empty()) text += " = " + memory.value;
    text += order;
    if (!is_store && !memory.value.empty()) text += ": " + memory.value;
    if (event.kind == EventKind::load && !memory.newest.empty()) {
        text = fmt::format("{} {}{}: read {} (newest {})", verb, memory.variable, order,
                           memory.value, memory.newest);
    }
    return text;
}

/// Which events get a row: all when there is room. Otherwise no touching of objects, and of the
/// memory operations those that read an old value, the last ones, and the other party's last
/// operation on the last one's variable.
std::vector<bool> shown_events(const std::vector<Event>& events, const ChartStyle& style) {
    std::vector<bool> shown(events.size(), true);
    if (style.full || events.empty()) return shown;
    constexpr std::size_t last_max = 8;
    const auto memory_count = static_cast<std::size_t>(std::ranges::count_if(events, is_memory));
    const bool has_room = events.size() <= style.rows_max;
    std::size_t last_count = has_room ? memory_count : last_max;
    const MemoryAccess* last = is_memory(events.back()) ? &*events.back().memory : nullptr;
    for (std::size_t i = events.size() - 1; i-- > 0;) {
        shown[i] = events[i].kind != EventKind::access;
        if (!is_memory(events[i])) continue;
        const bool is_peer = last != nullptr && events[i].party != events.back().party &&
                             events[i].memory->variable == last->variable;
        if (is_peer) last = nullptr;
        shown[i] = is_stale(events[i]) || is_peer || last_count > 0;
        if (last_count > 0) --last_count;
    }
    return shown;
}

std::string& state_of(ChartRow& row, Party party) {
    return party == Party::left ? row.left_state : row.right_state;
}

/// Tells the messages that are never received.
void find_staying(std::vector<ChartRow>& rows) {
    std::set<std::pair<Party, int>> received;
    for (ChartRow& row : rows | std::views::reverse) {
        const std::pair message{row.party, row.message};
        if (row.shape == RowShape::receive) received.insert(message);
        if (row.shape == RowShape::send && !received.contains(message)) row.shape = RowShape::stay;
    }
}

/// Makes rows of events, one after another.
class RowBuilder {
 public:
    RowBuilder(const ChartStyle& style, std::size_t state_width)
        : style_(style), state_width_(state_width) {}

    void add(const Event& event, std::size_t number, bool is_last) {
        ChartRow row = row_of(event, number);
        const bool is_joined =
            !style_.full && !rows_.empty() && (join_objects(event, row) || join_arrow(row));
        if (!is_joined) rows_.push_back(std::move(row));
        rows_.back().is_breaking = is_last;
        before_ = &event;
    }

    /// An event that gets no row still tells the state.
    void hide(const Event& event) {
        if (event.state.empty()) return;
        const std::string state = next_state(event);
        if (before_ == nullptr || before_->party != event.party || !before_->state.empty()) return;
        state_of(rows_.back(), event.party) = state;
    }

    std::vector<ChartRow> take() { return std::move(rows_); }

 private:
    std::string next_state(const Event& event) {
        std::string& last = states_[index_of(event.party)];
        std::string state = printable(event.state);
        std::string shown = fit_state(state, last, state_width_);
        last = std::move(state);
        return shown;
    }

    ChartRow row_of(const Event& event, std::size_t number) {
        ChartRow row;
        row.party = event.party;
        row.text = printable(event_text(event));
        row.event = number;
        row.message = event.number;
        row.is_stale = is_stale(event);
        if (event.memory) {
            row.file = printable(event.memory->file.substr(event.memory->file.rfind('/') + 1));
            row.line = event.memory->line;
        }
        if (!event.state.empty()) state_of(row, event.party) = next_state(event);
        if (event.kind == EventKind::send) row.shape = RowShape::send;
        if (event.kind == EventKind::refuse) row.shape = RowShape::refuse;
        if (event.kind == EventKind::receive) {
            row.shape = RowShape::receive;
            row.party = model::other(event.party);
        }
        return row;
    }

    /// What a party does to objects within one step goes into one row.
    bool join_objects(const Event& event, ChartRow& row) {
        const bool is_same_step = before_->party == event.party && before_->state.empty();
        if (!is_same_step || !is_object(*before_) || !is_object(event)) return false;
        const std::string text = rows_.back().text + ", " + row.text;
        if (text.size() > style_.columns / 2) return false;
        rows_.back().text = text;
        state_of(rows_.back(), event.party) = state_of(row, event.party);
        return true;
    }

    /// A receive whose send is the row before it becomes one arrow.
    bool join_arrow(ChartRow& receive) {
        ChartRow& send = rows_.back();
        const bool is_pair = send.shape == RowShape::send && receive.shape == RowShape::receive &&
                             send.party == receive.party && send.message == receive.message &&
                             send.text == receive.text;
        if (!is_pair) return false;
        const Party receiver = model::other(send.party);
        send.shape = RowShape::arrow;
        state_of(send, receiver) = state_of(receive, receiver);
        return true;
    }

    const ChartStyle& style_;
    std::size_t state_width_;
    std::vector<ChartRow> rows_;
    const Event* before_ = nullptr;        ///< the last event that has a row
    std::array<std::string, 2> states_{};  ///< of both parties so far
};

}  // namespace

bool ChartRow::is_like(const ChartRow& row) const {
    const bool has_track = shape == RowShape::send || shape == RowShape::receive;
    return !has_track && !is_breaking && !row.is_breaking && shape == row.shape &&
           party == row.party && text == row.text && file == row.file && line == row.line &&
           left_state == row.left_state && right_state == row.right_state;
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

ChartRows chart_rows(const Trace& trace, const ChartStyle& style) {
    const std::vector<Event>& events = trace.events;
    const std::vector<bool> shown = shown_events(events, style);
    const bool has_memory = std::ranges::any_of(events, is_memory);
    RowBuilder builder{style, has_memory ? state_columns_beside_memory : state_columns};
    ChartRows result;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (shown[i]) {
            builder.add(events[i], i + 1, i + 1 == events.size());
        } else {
            builder.hide(events[i]);
            if (is_memory(events[i])) ++result.hidden_count;
        }
    }
    result.rows = builder.take();
    find_staying(result.rows);
    if (!style.full) result.rows = elide(fold(std::move(result.rows)), style.rows_max);
    return result;
}

}  // namespace parley::checker::render
