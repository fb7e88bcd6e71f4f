#pragma once

#include "parley/checker/require.hpp"
#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

/// Notes go one way. What a party does wrong beside that only shows in the compiled code.
namespace parley::tests::notes {

enum class Wrong : std::uint8_t {
    nothing,
    shares,   ///< both write to the same static variable
    orders,   ///< both write to it, the second one after it has got all notes
    leaks,    ///< the giver allocates memory and forgets it
    dangles,  ///< it reads what it has freed
    twice,    ///< it frees twice
    beyond,   ///< it writes behind a block of memory
    throws,
    limits,  ///< what it throws is a limit of the check
    crashes,
    falls,    ///< the taker crashes at its second note
    touches,  ///< it touches an object that it has destroyed, by the right that it had
    hangs,
    spins,  ///< the taker makes a step of its own for ever, which nobody can stop
    beats,  ///< the same, and each step writes what somebody may read
};

struct Options {
    specs::model::Bound capacity{2, 1, 16};
    specs::model::Bound notes{3};
};

struct Note {
    std::uint8_t number = 0;
};

inline int shared = 0;
inline std::atomic<int> errors{0};

struct Giver {
    static constexpr std::string_view name = "giver";
    using Inbox = std::variant<std::monostate>;
    using Outbox = std::variant<Note>;

    std::uint8_t given = 0;
};

struct Taker {
    static constexpr std::string_view name = "taker";
    using Inbox = std::variant<Note>;
    using Outbox = std::variant<std::monostate>;

    std::uint8_t taken = 0;

    void receive(const Note&, auto&) { ++taken; }
};

template <Wrong wrong>
struct GiverScript {
    Giver role;

    bool is_done(const Options& options) const { return role.given == options.notes; }
    bool can_act(const Options& options) const { return !is_done(options); }
    void act(auto& port, const Options&) {
        if (!port.send(Note{role.given})) return;
        if (++role.given == 2) err();
        if (wrong == Wrong::touches && role.given == 2) {
            auto owned = port.template make<int>(1);
            port.destroy(std::move(owned));
            ++port.access(owned);
        }
    }

 private:
    /// At the second note.
    static void err() {
        // Volatile, both: or the compiler does away with what is wrong.
        volatile int* volatile memory = nullptr;
        if (wrong == Wrong::shares) errors.fetch_add(1, std::memory_order_relaxed);
        if (wrong == Wrong::shares || wrong == Wrong::orders) shared = 1;
        if (wrong == Wrong::leaks) memory = new int(1);
        if (wrong == Wrong::dangles || wrong == Wrong::twice) {
            memory = new int(1);
            delete memory;
        }
        if (wrong == Wrong::dangles) shared = *memory;
        if (wrong == Wrong::twice) delete memory;
        if (wrong == Wrong::beyond) {
            memory = new int(1);
            memory[16] = 1;
        }
        if (wrong == Wrong::throws) throw std::runtime_error("out of paper");
        if (wrong == Wrong::limits) throw checker::LimitReached{"buckets"};
        if (wrong == Wrong::crashes) *memory = 1;
        for (volatile bool goes_on = wrong == Wrong::hangs; goes_on;) {
        }
    }
};

template <Wrong wrong>
struct TakerScript {
    Taker role;

    static constexpr bool goes_on = wrong == Wrong::spins || wrong == Wrong::beats;

    bool is_done(const Options& options) const { return role.taken == options.notes && !goes_on; }
    bool can_act(const Options& options) const { return role.taken == options.notes && goes_on; }
    void act(auto& port, const Options&) {
        port.destroy(port.template make<int>(1));
        if (wrong == Wrong::beats) errors.store(1, std::memory_order_relaxed);
    }
    void receive(const Note& note, auto& port, const Options& options) {
        role.receive(note, port);
        if (wrong == Wrong::shares && role.taken == 1) shared = 2;
        volatile int* volatile memory = nullptr;
        if (wrong == Wrong::falls && role.taken == 2) *memory = 1;
        if (wrong == Wrong::orders && role.taken == options.notes) shared = 2;
    }
};

template <model::Platform P, Wrong wrong, model::QueueOrders orders = model::QueueOrders{}>
struct Notes {
    using Options = notes::Options;
    using Left = GiverScript<wrong>;
    using Right = TakerScript<wrong>;
    using Monitors = std::tuple<>;
    template <class T>
    using Queue = model::SpscQueue<T, model::dynamic_capacity, P, orders>;
};

}  // namespace parley::tests::notes
