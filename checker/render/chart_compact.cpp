#include "parley/checker/render/chart_compact.hpp"

#include "parley/checker/render/chart_fold.hpp"
#include "parley/specs/model/property.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <set>
#include <string_view>
#include <utility>

namespace parley::checker::render {

namespace {

using model::Party;

constexpr std::size_t memory_rows_max = 8;

bool is_about_memory(const Trace& trace) {
    namespace property = specs::model::property;
    constexpr std::array properties{property::data_race, property::use_after_free,
                                    property::livelock, property::hang};
    return !trace.race.empty() ||
           std::ranges::find(properties, trace.violation.property) != properties.end();
}

/// Who acts in a row: of messages that arrive not the sender.
Party actor(const ChartRow& row) {
    return row.shape == RowShape::receive ? model::other(row.party) : row.party;
}

/// Marks the memory operations that are shown, from the last row to the first.
class MemoryChoice {
 public:
    MemoryChoice(const std::vector<ChartRow>& rows, const Trace& trace)
        : last_count_(is_about_memory(trace) ? memory_rows_max : 0), breaking_(rows.back()) {
        const auto memory_rows = std::ranges::count_if(rows, &ChartRow::is_memory);
        if (static_cast<std::size_t>(memory_rows) <= memory_rows_max) last_count_ = rows.size();
        const Event& last = trace.events.back();
        if (last.memory && is_about_memory(trace)) variable_ = last.memory->variable;
    }

    bool shows(const ChartRow& row, const Trace& trace) {
        if (last_count_ > 0) last_count_ = std::max(last_count_, row.period);
        if (row.is_breaking || row.shape == RowShape::gap) return true;
        if (!row.is_memory) return !row.is_access;
        const bool is_peer = !variable_.empty() && row.party != breaking_.party &&
                             trace.events[row.event - 1].memory->variable == variable_;
        if (is_peer) variable_ = {};
        const bool is_last = last_count_ > 0;
        if (is_last) --last_count_;
        return is_last || is_peer || row.is_stale;
    }

 private:
    std::size_t last_count_;
    std::string_view variable_;  ///< that the other party's last operation is looked for
    const ChartRow& breaking_;
};

std::vector<bool> shown_rows(const std::vector<ChartRow>& rows, const Trace& trace) {
    MemoryChoice choice{rows, trace};
    std::vector<bool> shown(rows.size());
    for (std::size_t i = rows.size(); i-- > 0;) shown[i] = choice.shows(rows[i], trace);
    return shown;
}

/// What a party does to objects within one step goes into one row.
bool join_objects(ChartRow& before, const ChartRow& row) {
    constexpr std::size_t text_max = 40;
    const bool is_same_step = before.party == row.party && !before.ends_step;
    if (!is_same_step || !before.is_object || !row.is_object) return false;
    if (before.text.size() + row.text.size() > text_max) return false;
    before.text += ", " + row.text;
    return true;
}

/// A receive whose send is the row before it becomes one arrow.
bool join_arrow(ChartRow& before, const ChartRow& row) {
    const bool is_pair = before.shape == RowShape::send && row.shape == RowShape::receive &&
                         before.party == row.party && before.message == row.message &&
                         before.text == row.text;
    if (is_pair) before.shape = RowShape::arrow;
    return is_pair;
}

/// A row that is not shown still tells the state after its step.
void keep_state(std::vector<ChartRow>& kept, ChartRow& row) {
    if (!row.ends_step || kept.empty() || kept.back().ends_step) return;
    const Party party = actor(row);
    if (actor(kept.back()) != party || kept.back().shape == RowShape::gap) return;
    kept.back().state_of(party) = row.state_of(party);
    kept.back().ends_step = true;
}

void add(std::vector<ChartRow>& kept, ChartRow&& row) {
    const bool is_joined =
        !kept.empty() && (join_objects(kept.back(), row) || join_arrow(kept.back(), row));
    if (!is_joined) return kept.push_back(std::move(row));
    ChartRow& joined = kept.back();
    const Party party = actor(row);
    if (!row.state_of(party).empty()) joined.state_of(party) = row.state_of(party);
    joined.ends_step = row.ends_step;
    joined.is_breaking = row.is_breaking;
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

/// Rows become those of a chart one by one.
class Compactor {
 public:
    explicit Compactor(std::vector<ChartRow> rows) : rows_(std::move(rows)) {}

    ChartRows run(const std::vector<bool>& shown) {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            kept_before_.push_back(result_.rows.size());
            ChartRow& row = rows_[i];
            if (row.period > 0) {
                add_repeats(i);
            } else if (shown[i]) {
                add(result_.rows, std::move(row));
            } else {
                keep_state(result_.rows, row);
                if (row.is_memory) result_.hidden_count += row.count;
            }
        }
        return std::move(result_);
    }

 private:
    /// The repetitions of a group of rows of which some may not be shown.
    void add_repeats(std::size_t i) {
        ChartRow& row = rows_[i];
        const std::size_t lines = result_.rows.size() - kept_before_[i - row.period];
        result_.hidden_count += (row.period - std::min(lines, row.period)) * row.count / row.period;
        if (lines == 0) return;
        row.text = repeats_text(lines, row.count / row.period);
        result_.rows.push_back(std::move(row));
    }

    std::vector<ChartRow> rows_;
    std::vector<std::size_t> kept_before_;  ///< by row: rows of the result when its turn came
    ChartRows result_;
};

ChartRows compact(const Trace& trace, std::size_t rows_max) {
    std::vector<ChartRow> rows = fold(rows_of(trace));
    const std::vector<bool> shown = shown_rows(rows, trace);
    ChartRows result = Compactor(std::move(rows)).run(shown);
    find_staying(result.rows);
    result.rows = elide(fold(result.rows), rows_max);
    return result;
}

}  // namespace

ChartRows chart_rows(const Trace& trace, const ChartStyle& style) {
    if (trace.events.empty()) return {};
    if (!style.full) return compact(trace, style.rows_max);
    ChartRows result{rows_of(trace), 0};
    find_staying(result.rows);
    return result;
}

}  // namespace parley::checker::render
