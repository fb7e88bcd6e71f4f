#include "parley/checker/render/shiviz.hpp"

#include "parley/checker/render/chart_rows.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

namespace parley::checker::render {

namespace {

using model::Party;

/// How many events of each party are known.
using Clock = std::array<std::size_t, 2>;

/// A host's name in a log has no spaces.
std::string host_name(std::string_view role) {
    std::string name = printable(role);
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, '"', '_');
    return name;
}

}  // namespace

std::string shiviz(const Trace& trace) {
    const std::array<std::string, 2> hosts{host_name(trace.left), host_name(trace.right)};
    std::array<Clock, 2> clocks{};
    std::map<std::pair<Party, int>, Clock> sent;
    std::string log;
    for (const Event& event : trace.events) {
        const std::size_t own = index_of(event.party);
        Clock& clock = clocks[own];
        ++clock[own];
        if (event.kind == EventKind::send) sent[{event.party, event.number}] = clock;
        if (event.kind == EventKind::receive) {
            const Clock& sender = sent[{model::other(event.party), event.number}];
            for (std::size_t i = 0; i < clock.size(); ++i) clock[i] = std::max(clock[i], sender[i]);
        }
        std::string known;
        for (std::size_t i = 0; i < clock.size(); ++i) {
            if (clock[i] == 0) continue;
            known += fmt::format("{}\"{}\":{}", known.empty() ? "" : ", ", hosts[i], clock[i]);
        }
        std::string text = printable(event_predicate(event));
        if (!event.state.empty()) text += "; " + printable(event.state);
        log += fmt::format("{} {{{}}}\n{}\n", hosts[own], known, text);
    }
    return log;
}

}  // namespace parley::checker::render
