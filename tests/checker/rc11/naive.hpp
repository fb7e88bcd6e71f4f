#pragma once

#include "parley/checker/rc11/litmus_program.hpp"
#include "parley/tests/checker/rc11/programs.hpp"
#include "parley/tests/checker/rc11/relation.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

/// All executions of a litmus test as simply as can be, to compare the engine with: starts with
/// nothing, adds any thread's next event in every way, keeps what satisfies the axioms of RC11
/// computed on matrices from their text, and forgets what it has seen before. Shares nothing with
/// the engine but the format of the program and the arithmetic.
namespace parley::tests {

inline constexpr std::size_t none = SIZE_MAX;

struct NaiveEvent {
    Operation operation = {};
    bool is_read = false;
    bool is_write = false;
    Order order = Order::relaxed;
    std::size_t thread = none;  ///< none: the initial value of a location
    std::int64_t value = 0;
    std::size_t source = none;  ///< read: the write; begin: create; join: end
    bool fails_weakly = false;  ///< read of a compare_exchange that found what it expected

    bool is_fence() const { return thread != none && operation.kind == Operation::Kind::fence; }
    bool is_access() const { return is_read || is_write; }
    bool is_seq_cst() const { return order == Order::seq_cst && (is_access() || is_fence()); }
};

/// An execution graph: the first events are the initial values.
struct NaiveGraph {
    std::vector<NaiveEvent> events;
    std::vector<std::vector<std::size_t>> threads;
    std::vector<std::vector<std::size_t>> modification_orders;
    std::vector<std::pair<std::size_t, std::size_t>> updates;  ///< read and write of each

    /// The same for equal graphs, whatever the order in which their events were added.
    std::string text() const {
        std::vector<std::string> names(events.size());
        for (std::size_t i = 0; i < modification_orders.size(); ++i)
            names[i] = fmt::format("i{}", i);
        for (std::size_t t = 0; t < threads.size(); ++t) {
            for (std::size_t i = 0; i < threads[t].size(); ++i) {
                names[threads[t][i]] = fmt::format("{}.{}", t, i);
            }
        }
        std::string result;
        for (const auto& thread : threads) {
            for (const std::size_t id : thread) {
                const NaiveEvent& e = events[id];
                result += e.is_read ? "R" + names[e.source] : e.is_write ? "W" : "O";
                if (e.fails_weakly) result += "!";
                result += fmt::format("={} ", e.value);
            }
            result += "/";
        }
        for (const auto& order : modification_orders) {
            for (std::size_t i = 1; i < order.size(); ++i) result += names[order[i]] + " ";
            result += "/";
        }
        return result;
    }
};

/// The axioms, in the words of Lahav, Vafeiadis, Kang, Hur, Dreyer, PLDI 2017, with the release
/// sequences of C++20.
class NaiveAxioms {
 public:
    explicit NaiveAxioms(const NaiveGraph& graph)
        : events_(graph.events),
          size_(graph.events.size()),
          po_(size_),
          rf_(size_),
          co_(size_),
          rmw_(size_),
          threads_(size_),
          hb_(size_) {
        const std::size_t locations = graph.modification_orders.size();
        for (std::size_t i = 0; i < locations; ++i) {
            for (std::size_t j = locations; j < size_; ++j) po_.add(i, j);
        }
        for (const auto& thread : graph.threads) add_total(po_, thread);
        for (const auto& order : graph.modification_orders) add_total(co_, order);
        for (const auto& [read, write] : graph.updates) rmw_.add(read, write);
        for (std::size_t i = 0; i < size_; ++i) {
            if (events_[i].source == none) continue;
            (events_[i].is_read ? rf_ : threads_).add(events_[i].source, i);
        }
        hb_ = (po_ | synchronizes_with() | threads_).closure();
    }

    bool hold() const {
        const Relation rb = from_read();
        const Relation eco = (rf_ | co_ | rb).closure();
        return hb_.is_irreflexive() && (hb_ * eco).is_irreflexive() &&
               (rmw_ & (rb * co_)).is_empty() && (po_ | rf_ | threads_).is_acyclic() &&
               psc(rb, eco).is_acyclic();
    }

    bool has_race() const {
        for (std::size_t i = 0; i < size_; ++i) {
            for (std::size_t j = 0; j < size_; ++j) {
                if (conflict(i, j) && !hb_.has(i, j) && !hb_.has(j, i)) return true;
            }
        }
        return false;
    }

 private:
    static void add_total(Relation& relation, const std::vector<std::size_t>& order) {
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (std::size_t j = i + 1; j < order.size(); ++j) relation.add(order[i], order[j]);
        }
    }
    Relation identity(auto&& holds) const {
        return Relation::identity(size_, [&](std::size_t i) { return holds(events_[i]); });
    }
    bool conflict(std::size_t i, std::size_t j) const {
        const NaiveEvent& a = events_[i];
        const NaiveEvent& b = events_[j];
        return same_location(i, j) && a.thread != b.thread && a.thread != none &&
               b.thread != none && (a.is_write || b.is_write) &&
               (a.order == Order::plain || b.order == Order::plain);
    }
    bool same_location(std::size_t i, std::size_t j) const {
        return events_[i].is_access() && events_[j].is_access() &&
               events_[i].operation.location == events_[j].operation.location;
    }
    Relation from_read() const {
        return (rf_.inverse() * co_) &
               Relation::where(size_, [](std::size_t i, std::size_t j) { return i != j; });
    }

    Relation synchronizes_with() const {
        const auto is_release = [](const NaiveEvent& e) {
            return e.order == Order::release || e.order == Order::acq_rel ||
                   e.order == Order::seq_cst;
        };
        const auto is_acquire = [](const NaiveEvent& e) {
            return e.order == Order::acquire || e.order == Order::acq_rel ||
                   e.order == Order::seq_cst;
        };
        const Relation fences = identity([](const NaiveEvent& e) { return e.is_fence(); });
        const Relation released = identity(
            [&](const NaiveEvent& e) { return is_release(e) && (e.is_write || e.is_fence()); });
        const Relation acquired = identity(
            [&](const NaiveEvent& e) { return is_acquire(e) && (e.is_read || e.is_fence()); });
        const Relation writes = identity([](const NaiveEvent& e) {
            return e.is_write && e.order != Order::plain && e.thread != none;
        });
        const Relation reads =
            identity([](const NaiveEvent& e) { return e.is_read && e.order != Order::plain; });
        const Relation sequence = writes * (rf_ * rmw_).closure().optional();
        return released * (fences * po_).optional() * sequence * rf_ * reads *
               (po_ * fences).optional() * acquired;
    }

    Relation psc(const Relation& rb, const Relation& eco) const {
        const Relation same = Relation::where(
            size_, [&](std::size_t i, std::size_t j) { return same_location(i, j); });
        const Relation different = Relation::where(
            size_, [&](std::size_t i, std::size_t j) { return !same_location(i, j); });
        const Relation elsewhere = po_ & different;
        const Relation scb = po_ | elsewhere * hb_ * elsewhere | (hb_ & same) | co_ | rb;
        const Relation accesses =
            identity([](const NaiveEvent& e) { return e.is_seq_cst() && e.is_access(); });
        const Relation fences =
            identity([](const NaiveEvent& e) { return e.is_seq_cst() && e.is_fence(); });
        const Relation base =
            (accesses | fences * hb_.optional()) * scb * (accesses | hb_.optional() * fences);
        return base | fences * (hb_ | hb_ * eco * hb_) * fences;
    }

    const std::vector<NaiveEvent>& events_;
    std::size_t size_;
    Relation po_;
    Relation rf_;
    Relation co_;
    Relation rmw_;
    Relation threads_;  ///< creation to begin, end to join
    Relation hb_;
};

struct NaiveResult {
    std::set<std::string> complete;  ///< texts of the graphs
    std::set<std::string> blocked;
    std::set<std::string> lasting;  ///< those of the blocked that nothing newer could go on from
    bool has_race = false;
    bool is_too_large = false;
};

class NaiveEnumerator {
 public:
    NaiveEnumerator(const LitmusTest& test, std::size_t graphs_max)
        : test_(test), graphs_max_(graphs_max) {}

    NaiveResult enumerate() {
        todo_.push_back(start());
        while (!todo_.empty() && !result_.is_too_large) {
            const NaiveGraph graph = std::move(todo_.back());
            todo_.pop_back();
            extend(graph);
        }
        return std::move(result_);
    }

 private:
    struct Next {
        enum class Kind : std::uint8_t { operation, ended, blocked } kind = Kind::ended;
        Operation operation;
        bool is_weak = false;
    };

    NaiveGraph start() const {
        NaiveGraph graph;
        for (std::size_t i = 0; i < test_.locations.size(); ++i) {
            NaiveEvent event{.is_write = true, .value = test_.initial_values[i]};
            event.operation.location = static_cast<LocationId>(i);
            graph.events.push_back(event);
            graph.modification_orders.push_back({i});
        }
        graph.threads.resize(test_.threads.size());
        return graph;
    }

    void extend(const NaiveGraph& graph) {
        bool is_final = true;
        bool is_complete = true;
        bool is_lasting = true;
        std::vector<std::pair<std::size_t, Next>> open;
        for (std::size_t thread = 0; thread < graph.threads.size(); ++thread) {
            const Next next = next_of(graph, thread);
            is_complete = is_complete && next.kind == Next::Kind::ended;
            if (next.kind == Next::Kind::blocked && reads_old(graph, thread)) is_lasting = false;
            if (next.kind != Next::Kind::operation) continue;
            is_final = false;
            // What can be added in one way only, and never hinders others, is added first.
            if (is_simple(next.operation)) return add(graph, thread, next.operation);
            open.emplace_back(thread, next);
        }
        for (const auto& [thread, next] : open) {
            add(graph, thread, next.operation);
            if (next.is_weak) add_weak_failures(graph, thread, next.operation);
        }
        if (!is_final) return;
        if (is_complete) {
            result_.complete.insert(graph.text());
        } else {
            result_.blocked.insert(graph.text());
            if (is_lasting) result_.lasting.insert(graph.text());
        }
    }

    /// The last that the thread has done is to read what had been overwritten.
    static bool reads_old(const NaiveGraph& graph, std::size_t thread) {
        const NaiveEvent& last = graph.events[graph.threads[thread].back()];
        return last.is_read &&
               graph.modification_orders[last.operation.location].back() != last.source;
    }

    static bool is_simple(const Operation& operation) {
        using Kind = Operation::Kind;
        return operation.kind != Kind::load && operation.kind != Kind::store &&
               operation.kind != Kind::modify && operation.kind != Kind::choose;
    }

    /// Runs the thread from the start with the values in the graph.
    Next next_of(const NaiveGraph& graph, std::size_t thread) const {
        const std::vector<std::size_t>& done = graph.threads[thread];
        if (done.empty()) return first_of(graph, thread);
        const auto& code = test_.threads[thread].instructions;
        std::vector<std::int64_t> values(test_.threads[thread].registers.size(), 0);
        const auto value = [&](const Expression& e) {
            return rc11::evaluate(e, [&](const Expression& term) { return values[term.index]; })
                .value_or(0);
        };
        std::size_t event = 1;
        std::size_t at = 0;
        while (at < code.size()) {
            const Instruction& i = code[at];
            const std::int64_t result = value(i.value);
            if (i.kind == Instruction::Kind::operation) {
                Operation operation = i.operation;
                operation.value = static_cast<rc11::Value>(result);
                if (i.expected_destination) {
                    operation.expected = static_cast<rc11::Value>(values[*i.expected_destination]);
                }
                if (event == done.size()) {
                    Next next = ready(graph, operation);
                    next.is_weak = i.is_weak;
                    return next;
                }
                const NaiveEvent& e = graph.events[done[event++]];
                const bool writes = operation.kind == Operation::Kind::modify &&
                                    event < done.size() && is_update(graph, done[event]);
                if (writes) ++event;
                if (i.destination) values[*i.destination] = e.value;
                if (i.expected_destination) {
                    if (!writes) values[*i.expected_destination] = e.value;
                    values[*i.destination] = writes ? 1 : 0;
                }
            }
            if (i.kind == Instruction::Kind::set) values[*i.destination] = result;
            if (i.kind == Instruction::Kind::assume && result == 0)
                return {Next::Kind::blocked, {}};
            const bool jumps = i.kind == Instruction::Kind::jump ||
                               (i.kind == Instruction::Kind::branch_unless && result == 0);
            at = jumps ? i.target : i.kind == Instruction::Kind::halt ? code.size() : at + 1;
        }
        if (event < done.size()) return {Next::Kind::ended, {}};
        return {Next::Kind::operation, {.kind = Operation::Kind::end}};
    }

    static bool is_update(const NaiveGraph& graph, std::size_t event) {
        for (const auto& [read, write] : graph.updates) {
            if (write == event) return true;
        }
        return false;
    }

    Next first_of(const NaiveGraph& graph, std::size_t thread) const {
        const Next begin{Next::Kind::operation, {.kind = Operation::Kind::begin}};
        if (!test_.creates_threads || thread == 0) return begin;
        return find(graph, Operation::Kind::create, thread) == none ? Next{} : begin;
    }

    /// The creation, or the end, of a thread.
    static std::size_t find(const NaiveGraph& graph, Operation::Kind kind, std::size_t thread) {
        for (std::size_t i = 0; i < graph.events.size(); ++i) {
            const NaiveEvent& e = graph.events[i];
            if (e.thread == none || e.operation.kind != kind) continue;
            if (kind == Operation::Kind::create ? e.operation.child == thread
                                                : e.thread == thread) {
                return i;
            }
        }
        return none;
    }

    static Next ready(const NaiveGraph& graph, const Operation& operation) {
        if (operation.kind == Operation::Kind::join &&
            find(graph, Operation::Kind::end, operation.child) == none) {
            return {Next::Kind::blocked, {}};
        }
        return {Next::Kind::operation, operation};
    }

    void add(const NaiveGraph& graph, std::size_t thread, const Operation& operation) {
        switch (operation.kind) {
            case Operation::Kind::load:
                return add_reads(graph, thread, operation);
            case Operation::Kind::modify:
                return add_reads(graph, thread, operation);
            case Operation::Kind::store:
                return add_writes(graph, thread, operation,
                                  static_cast<std::int64_t>(operation.value));
            case Operation::Kind::choose:
                for (std::int64_t i = 0; i < static_cast<std::int64_t>(operation.value); ++i) {
                    keep(with(graph, thread, {.operation = operation, .value = i}));
                }
                return;
            default:
                break;
        }
        NaiveEvent event{.operation = operation, .order = operation.order};
        if (operation.kind == Operation::Kind::begin) {
            event.source = find(graph, Operation::Kind::create, thread);
        }
        if (operation.kind == Operation::Kind::join) {
            event.source = find(graph, Operation::Kind::end, operation.child);
        }
        keep(with(graph, thread, event));
    }

    static NaiveGraph with(NaiveGraph graph, std::size_t thread, NaiveEvent event) {
        event.thread = thread;
        graph.threads[thread].push_back(graph.events.size());
        graph.events.push_back(event);
        return graph;
    }

    void add_reads(const NaiveGraph& graph, std::size_t thread, const Operation& operation) {
        const auto& order = graph.modification_orders[operation.location];
        for (std::size_t i = 0; i < order.size(); ++i) {
            const std::int64_t found = graph.events[order[i]].value;
            const auto operand = static_cast<std::int64_t>(operation.value);
            const bool is_held_back = (operation.update == Update::compare_exchange &&
                                       found != static_cast<std::int64_t>(operation.expected)) ||
                                      (operation.update == Update::take && found < operand);
            const bool writes = operation.kind == Operation::Kind::modify && !is_held_back;
            const bool fails = operation.kind == Operation::Kind::modify && !writes;
            NaiveGraph larger = with(graph, thread,
                                     {.operation = operation,
                                      .is_read = true,
                                      .order = fails ? operation.failure : operation.order,
                                      .value = found,
                                      .source = order[i]});
            if (!writes) {
                keep(std::move(larger));
                continue;
            }
            const auto value = operation.update == Update::add    ? found + operand
                               : operation.update == Update::take ? found - operand
                                                                  : operand;
            const std::size_t read = larger.events.size() - 1;
            larger.updates.emplace_back(read, read + 1);
            add_writes(larger, thread, operation, value);
        }
    }

    /// One for each write from which the compare_exchange could succeed.
    void add_weak_failures(const NaiveGraph& graph, std::size_t thread,
                           const Operation& operation) {
        for (const std::size_t source : graph.modification_orders[operation.location]) {
            const std::int64_t found = graph.events[source].value;
            if (found != static_cast<std::int64_t>(operation.expected)) continue;
            keep(with(graph, thread,
                      {.operation = operation,
                       .is_read = true,
                       .order = operation.failure,
                       .value = found,
                       .source = source,
                       .fails_weakly = true}));
        }
    }

    void add_writes(const NaiveGraph& graph, std::size_t thread, const Operation& operation,
                    std::int64_t value) {
        const std::size_t size = graph.modification_orders[operation.location].size();
        for (std::size_t i = 1; i <= size; ++i) {
            NaiveGraph larger = with(graph, thread,
                                     {.operation = operation,
                                      .is_write = true,
                                      .order = operation.order,
                                      .value = value});
            auto& order = larger.modification_orders[operation.location];
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(i), larger.events.size() - 1);
            keep(std::move(larger));
        }
    }

    void keep(NaiveGraph graph) {
        if (!seen_.insert(graph.text()).second) return;
        const NaiveAxioms axioms(graph);
        if (!axioms.hold()) return;
        result_.has_race = result_.has_race || axioms.has_race();
        result_.is_too_large = seen_.size() > graphs_max_;
        todo_.push_back(std::move(graph));
    }

    const LitmusTest& test_;
    std::size_t graphs_max_;
    NaiveResult result_;
    std::vector<NaiveGraph> todo_;
    std::unordered_set<std::string> seen_;
};

}  // namespace parley::tests
