#pragma once

#include "parley/checker/page_system.hpp"
#include "parley/checker/state_store.hpp"
#include "parley/checker/trace.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::checker {

/// How far to look.
struct PageLimits {
    std::uint64_t states_max = 0;
    const std::atomic<bool>* stop = nullptr;
};

/// All configurations that a page reaches from its start and all steps between them, found breadth
/// first: the path to each has the fewest steps. Configurations are stored exactly.
class PageGraph {
 public:
    using Id = StateStore::Id;

    /// A limit on memory: so many edges, on average, for each configuration that is allowed.
    static constexpr std::uint64_t edges_per_state_max = 8;

    /// A step from one configuration to another.
    struct Edge {
        Id from = 0;
        Id to = 0;
        model::Party party = model::Party::left;
        bool is_send = false;
    };

    explicit PageGraph(const PageSystem& system) : system_(&system) {}

    /// Looks at everything; `visit(id, configuration, steps)` is called once for each
    /// configuration, in the order of their distance. Returns the limit that ended it, or "".
    template <class Visit>
    std::string explore(const PageLimits& limits, const Visit& visit) {
        insert(system_->initial(), {});
        for (Id id = 0; id < size(); ++id) {
            if (size() > limits.states_max) return "states";
            if (edges_.size() > edges_per_state_max * limits.states_max) return "transitions";
            if (limits.stop != nullptr && limits.stop->load(std::memory_order_relaxed)) {
                return "interrupted";
            }
            const Configuration at = configuration(id);
            const std::vector<PageStep> steps = system_->steps(at);
            visit(id, at, steps);
            for (std::uint32_t i = 0; i < steps.size(); ++i) {
                const Id to = insert(system_->after(at, steps[i]), {id, i});
                edges_.push_back({id, to, steps[i].party, steps[i].is_send()});
            }
        }
        return {};
    }

    std::size_t size() const { return origins_.size(); }
    const std::vector<Edge>& edges() const { return edges_; }
    std::uint64_t memory_bytes() const {
        return configurations_.memory_bytes() + origins_.memory_bytes() +
               edges_.capacity() * sizeof(Edge);
    }
    Configuration configuration(Id id) const { return system_->decode(configurations_[id]); }

    /// The steps that first led to a configuration.
    std::vector<PageStep> path_to(Id id) const;

    /// Which configurations lead to one of `goals`, themselves included, by edges that `is_used`.
    template <class IsUsed>
    std::vector<bool> leading_to(std::vector<bool> goals, const IsUsed& is_used) const {
        const std::vector<std::vector<Id>> before = predecessors(is_used);
        std::vector<Id> open;
        for (Id id = 0; id < size(); ++id) {
            if (goals[id]) open.push_back(id);
        }
        while (!open.empty()) {
            const Id id = open.back();
            open.pop_back();
            for (const Id each : before[id]) {
                if (goals[each]) continue;
                goals[each] = true;
                open.push_back(each);
            }
        }
        return goals;
    }

 private:
    Id insert(const Configuration& configuration, StateStore::Origin origin) {
        system_->encode(configuration, bytes_);
        const Id id = configurations_.number_of(bytes_);
        if (id == size()) origins_.push_back(origin);
        return id;
    }

    template <class IsUsed>
    std::vector<std::vector<Id>> predecessors(const IsUsed& is_used) const {
        std::vector<std::vector<Id>> before(size());
        for (const Edge& edge : edges_) {
            if (is_used(edge)) before[edge.to].push_back(edge.from);
        }
        return before;
    }

    const PageSystem* system_;
    Dictionary configurations_;
    Chunked<StateStore::Origin> origins_;
    std::vector<Edge> edges_;
    std::vector<std::byte> bytes_;
};

/// The events of a run of a page. The state of a party stands on each of its events.
std::vector<Event> events_of(const PageSystem& system, const std::vector<PageStep>& path);

}  // namespace parley::checker
