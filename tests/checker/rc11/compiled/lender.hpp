#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/specs/model/bound.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tuple>
#include <variant>

/// A lender gives memory away that it uses before that, or may use afterwards as well, and is done
/// when it has been thanked. Who has borrowed it is never done, and frees it when all is over.
namespace parley::tests::lender {

struct Options {
    specs::model::Bound capacity{2, 1, 16};
};

struct Loan {
    std::uintptr_t memory = 0;
};
struct Thanks {};
inline constexpr std::uint8_t thanks_max = 2;

/// Nobody looks at it.
inline std::atomic<bool> has_lent{false};
/// Of the borrower's thread.
inline thread_local std::unique_ptr<int> borrowed;

struct Lender {
    static constexpr std::string_view name = "lender";
    using Inbox = std::variant<Thanks>;
    using Outbox = std::variant<Loan>;

    bool has_given = false;
    std::uint8_t thanks = 0;

    void receive(const Thanks&, auto&) { ++thanks; }
};

struct Borrower {
    static constexpr std::string_view name = "borrower";
    using Inbox = std::variant<Loan>;
    using Outbox = std::variant<Thanks>;

    bool has_got = false;

    void receive(const Loan& loan, auto&) {
        borrowed.reset(reinterpret_cast<int*>(loan.memory));
        has_got = true;
    }
};

template <bool uses_later>
struct LenderScript {
    Lender role;

    bool is_done(const Options&) const { return role.thanks == thanks_max; }
    bool can_act(const Options&) const { return !role.has_given; }
    void act(auto& port, const Options&) {
        lend(port, port.choose(2) == 0);
        role.has_given = true;
    }

 private:
    [[gnu::noinline]] static void lend(auto& port, bool is_used_first) {
        auto* const memory = new volatile int(1);
        if (is_used_first || !uses_later) *memory = 2;
        port.send(Loan{reinterpret_cast<std::uintptr_t>(memory)});
        if (!is_used_first && uses_later) *memory = 2;
        has_lent.store(true, std::memory_order_relaxed);
    }
};

struct BorrowerScript {
    Borrower role;
    std::uint8_t thanks = 0;

    bool is_done(const Options&) const { return false; }
    bool may_end(const Options&) const { return !can_thank(); }
    bool can_act(const Options&) const { return can_thank(); }
    void act(auto& port, const Options&) {
        if (port.send(Thanks{})) ++thanks;
    }

 private:
    bool can_thank() const { return role.has_got && thanks < thanks_max; }
};

template <model::Platform P, bool uses_later>
struct Protocol {
    using Options = lender::Options;
    using Left = LenderScript<uses_later>;
    using Right = BorrowerScript;
    using Monitors = std::tuple<>;
    template <class T>
    using Queue = model::SpscQueue<T, model::dynamic_capacity, P>;
};

}  // namespace parley::tests::lender
