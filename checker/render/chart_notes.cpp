#include "parley/checker/render/chart_notes.hpp"

#include "parley/checker/render/stack_text.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace parley::checker::render {

namespace {

using model::Party;
using Kind = ChartNote::Kind;

class Notes {
 public:
    explicit Notes(const Trace& trace) : trace_(trace) {}

    std::vector<ChartNote> all(std::size_t hidden_count, std::size_t frames_max) {
        add_violation();
        add_state(Party::left, trace_.left);
        add_state(Party::right, trace_.right);
        if (!trace_.events.empty()) {
            add_queue(trace_.right, trace_.events.back().left_to_right);
            add_queue(trace_.left, trace_.events.back().right_to_left);
        }
        for (const RaceEnd& end : trace_.race) add_race_end(end, frames_max);
        add_stale_loads();
        if (hidden_count > 0) {
            add(Kind::hidden, fmt::format("{} memory operations are not shown (--full shows them)",
                                          hidden_count));
        }
        return std::move(notes_);
    }

 private:
    void add(Kind kind, std::string_view text) { notes_.push_back({kind, printable(text)}); }

    void add_violation() {
        const Violation& violation = trace_.violation;
        if (violation.property.empty()) return;
        add(Kind::violation, "!! " + violation.property + ": " + violation.sentence);
        if (!violation.detail.empty()) add(Kind::seen, "seen: " + violation.detail);
    }

    /// The lanes have room for little of a state.
    void add_state(Party party, std::string_view role) {
        const auto is_last = [&](const Event& event) {
            return event.party == party && !event.state.empty();
        };
        const auto events = trace_.events | std::views::reverse;
        const auto found = std::ranges::find_if(events, is_last);
        if (found == events.end() || found->state.find('=') == std::string::npos) return;
        add(Kind::state, fmt::format("{}: {}", role, found->state));
    }

    void add_queue(std::string_view name, const std::string& contents) {
        if (!contents.empty()) add(Kind::queue, fmt::format("queue to {}: {}", name, contents));
    }

    void add_race_end(const RaceEnd& end, std::size_t frames_max) {
        add(Kind::race, end.access);
        for (const std::string& line : stack_text(end.stack, frames_max)) add(Kind::frame, line);
    }

    /// Each old value that was read, once. By coherence a load reads the newest store of those that
    /// happen before it or that its party has seen, or a newer one.
    void add_stale_loads() {
        std::set<std::string> said;
        for (std::size_t i = 0; i < trace_.events.size(); ++i) {
            const auto& load = trace_.events[i].memory;
            if (!load || load->newest.empty()) continue;
            const std::string text = fmt::format(
                "{} read {} although {} was newer{}: nothing orders that store before "
                "this load",
                load->variable, load->value, load->newest, stored_at(*load, i));
            if (said.insert(text).second) add(Kind::stale, fmt::format("{}: {}", i + 1, text));
        }
    }

    /// " (stored in 3)": the last event before `end` that stored what `load` could have read.
    std::string stored_at(const MemoryAccess& load, std::size_t end) const {
        while (end-- > 0) {
            const Event& event = trace_.events[end];
            const bool is_store = event.kind == EventKind::store || event.kind == EventKind::modify;
            if (is_store && event.memory && event.memory->variable == load.variable &&
                event.memory->value == load.newest) {
                return fmt::format(" (stored in {})", end + 1);
            }
        }
        return "";
    }

    const Trace& trace_;
    std::vector<ChartNote> notes_;
};

}  // namespace

std::vector<ChartNote> chart_notes(const Trace& trace, std::size_t hidden_count,
                                   std::size_t frames_max) {
    return Notes(trace).all(hidden_count, frames_max);
}

}  // namespace parley::checker::render
