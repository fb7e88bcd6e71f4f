#pragma once

#include "parley/tests/checker/rc11/programs.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

/// Random small litmus tests. What a plain generator hits too rarely is forced by a theme.
namespace parley::tests {

enum class Theme : std::uint8_t {
    mixed,
    fences,       ///< relaxed accesses, fences of all orders between them
    updates,      ///< read-modify-writes and compare_exchanges of few locations
    failures,     ///< compare_exchanges with a failure order beside seq_cst accesses
    total_order,  ///< mostly seq_cst accesses
    parent,       ///< thread 0 accesses memory around create and join
    races,        ///< plain accesses
    waits,        ///< assumptions and choices
    hand_over,    ///< plain writes after release fences, read by who acquires
};
inline constexpr std::size_t themes = 9;

class RandomProgram {
 public:
    explicit RandomProgram(std::uint64_t seed)
        : generator_(seed), theme_(static_cast<Theme>(seed % themes)) {}

    LitmusTest generate() {
        const std::size_t threads = 2 + below(2);
        locations_ = is(Theme::updates) ? 1 + below(2) : is(Theme::total_order) ? 2 + below(2) : 2;
        std::vector<Code> codes(threads);
        std::size_t left = 5 + below(3);
        for (std::size_t i = 0; left > 0; i = (i + 1) % threads) {
            const std::size_t count = std::min(left, 1 + below(3));
            if (codes[i].size() < 6) add_steps(codes[i], count);
            left -= count;
        }
        if (theme_ == Theme::parent) add_children(codes);
        LitmusTest test = program(codes, locations_);
        if (below(4) == 0) test.initial_values[0] = 1;
        return test;
    }

 private:
    std::size_t below(std::size_t count) { return generator_() % count; }
    template <class T>
    T one_of(std::initializer_list<T> options) {
        return *(options.begin() + below(options.size()));
    }
    bool is(Theme theme) const { return theme_ == theme; }

    Order load_order() {
        if (is(Theme::fences)) return one_of({relaxed, relaxed, acquire});
        if (is(Theme::hand_over)) return one_of({acquire, acquire, relaxed, plain});
        if (is(Theme::total_order) || is(Theme::failures))
            return one_of({seq_cst, seq_cst, acquire, acquire, relaxed});
        if (is(Theme::races) && below(2) == 0) return plain;
        return one_of({relaxed, acquire, seq_cst});
    }
    Order store_order() {
        if (is(Theme::fences)) return one_of({relaxed, relaxed, release});
        if (is(Theme::hand_over)) return one_of({plain, plain, relaxed});
        if (is(Theme::total_order) || is(Theme::failures))
            return one_of({seq_cst, seq_cst, release, release, relaxed});
        if (is(Theme::races) && below(2) == 0) return plain;
        return one_of({relaxed, release, seq_cst});
    }
    Order update_order() { return one_of({relaxed, acquire, release, acq_rel, seq_cst}); }
    Order fence_order() {
        if (is(Theme::hand_over)) return one_of({release, release, acq_rel, acquire});
        return is(Theme::total_order) || below(2) == 0 ? seq_cst
                                                       : one_of({acquire, release, acq_rel});
    }
    LocationId location() { return static_cast<LocationId>(below(locations_)); }
    std::int64_t value() { return static_cast<std::int64_t>(1 + below(2)); }

    void add_steps(Code& code, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            if (wants_fence() && !code.empty()) code.push_back(fence(fence_order()));
            add_access(code);
        }
    }
    bool wants_fence() {
        if (is(Theme::fences) || is(Theme::hand_over)) return below(3) != 0;
        if (is(Theme::total_order)) return below(3) == 0;
        return below(8) == 0;
    }

    void add_access(Code& code) {
        const std::size_t draw = below(12);
        const bool is_heavy = is(Theme::updates) || is(Theme::failures);
        if (draw < (is_heavy ? 4U : 1U)) return add_compare_exchange(code);
        if (draw < (is_heavy ? 7U : 3U)) {
            code.push_back(modify(next_register(), location(),
                                  one_of({Update::add, Update::exchange, Update::take}), value(),
                                  update_order()));
            return;
        }
        if (draw < 8) return add_load(code);
        if (draw == 8 && local > 0) return add_conditional_store(code);
        code.push_back(store(location(), value(), store_order()));
    }
    void add_load(Code& code) {
        const std::size_t destination = next_register();
        code.push_back(load(destination, location(), load_order()));
        if (!is(Theme::waits)) return;
        if (below(2) == 0) code.push_back(assume(awaited(destination)));
        if (below(3) == 0) code.push_back(choose(next_register(), 2));
    }
    /// What a register has to hold for its thread to go on.
    Expression awaited(std::size_t destination) {
        if (below(2) == 0) return reg(destination);
        return apply(Expression::Kind::equal, reg(destination), constant(value()));
    }
    void add_compare_exchange(Code& code) {
        const std::size_t expected = next_register();
        const std::size_t destination = next_register();
        code.push_back(set(expected, constant(static_cast<std::int64_t>(below(3)))));
        code.push_back(compare_exchange(destination, location(), expected, value(), update_order(),
                                        one_of({relaxed, acquire, seq_cst})));
        if (is(Theme::waits) && below(2) == 0) code.push_back(assume(reg(destination)));
    }
    void add_conditional_store(Code& code) {
        code.push_back(branch_unless(reg(below(local)), code.size() + 2));
        code.push_back(store(location(), value(), store_order()));
    }
    std::size_t next_register() {
        local = local + 1 == registers ? 1 : local + 1;
        return local - 1;
    }

    /// Makes thread 0 the one that creates the others, and joins some.
    void add_children(std::vector<Code>& codes) {
        Code own = std::move(codes[0]);
        // Branches are relative to the beginning: none of them may be moved.
        std::erase_if(own, [](const Instruction& each) {
            return each.kind == Instruction::Kind::branch_unless;
        });
        Code parent;
        std::size_t next = 0;
        const auto add_own = [&](std::size_t count) {
            for (std::size_t i = 0; i < count && next < own.size(); ++i) {
                parent.push_back(own[next++]);
            }
        };
        for (ThreadId child = 1; child < codes.size(); ++child) {
            add_own(below(3));
            parent.push_back(create(child));
        }
        for (ThreadId child = 1; child < codes.size(); ++child) {
            add_own(below(2));
            if (below(3) != 0) parent.push_back(join(child));
        }
        add_own(own.size());
        codes[0] = parent;
    }

    std::mt19937_64 generator_;
    Theme theme_;
    std::size_t locations_ = 2;
    std::size_t local = 0;
};

}  // namespace parley::tests
