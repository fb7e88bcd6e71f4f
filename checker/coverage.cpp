#include "parley/checker/coverage.hpp"

#include "parley/checker/page.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Page;

void add_queue(QueueFill& queue, const QueueFill& more) {
    queue.largest = std::max(queue.largest, more.largest);
    queue.emptied += more.emptied;
    queue.refused += more.refused;
    if (more.wrapped) queue.wrapped = queue.wrapped.value_or(0) + *more.wrapped;
}

}  // namespace

Coverage begin_coverage(const Page& page, std::size_t capacity, bool has_slots) {
    Coverage coverage;
    for (const Party party : {Party::left, Party::right}) {
        for (const auto& each : page.automaton(party).transitions) {
            coverage.transitions[index_of(party)].push_back(
                {.text = quote_line(page, each.line), .is_optional = each.is_optional});
        }
        QueueFill& queue = coverage.queues[index_of(party)];
        queue.text =
            fmt::format("{} to {}", page.automaton(party).name, page.automaton(other(party)).name);
        queue.capacity = capacity;
        queue.must_be_full = page.must_be_full[index_of(party)];
        if (has_slots) queue.wrapped = 0;
    }
    return coverage;
}

void add_coverage(Coverage& coverage, const Coverage& more) {
    for (const Party party : {Party::left, Party::right}) {
        auto& to = coverage.transitions[index_of(party)];
        const auto& from = more.transitions[index_of(party)];
        require(to.size() == from.size(), "the coverages that are added are of one page");
        for (std::size_t i = 0; i < to.size(); ++i) {
            to[i].taken += from[i].taken;
            to[i].refused += from[i].refused;
        }
        add_queue(coverage.queues[index_of(party)], more.queues[index_of(party)]);
    }
}

Promises promises_of(const Coverage& coverage) {
    Promises promises;
    const auto note = [&](bool is_reached, std::string text) {
        if (is_reached) {
            ++promises.reached;
        } else {
            promises.unreached.push_back(std::move(text));
        }
    };
    for (const auto& transitions : coverage.transitions) {
        for (const TransitionUse& each : transitions) {
            if (!each.is_optional) note(each.taken > 0, each.text + " was never taken");
        }
    }
    for (const QueueFill& queue : coverage.queues) {
        if (!queue.must_be_full) continue;
        note(queue.refused > 0, fmt::format("{}: no send found the queue full", queue.text));
    }
    return promises;
}

std::string promises_not_reached(const std::optional<Coverage>& coverage) {
    if (!coverage) return "";
    const Promises promises = promises_of(*coverage);
    if (promises.unreached.empty()) return "";
    return fmt::format("{} of the {} promises of the page {} not reached",
                       promises.unreached.size(), promises.count(),
                       promises.unreached.size() == 1 ? "was" : "were");
}

}  // namespace parley::checker
