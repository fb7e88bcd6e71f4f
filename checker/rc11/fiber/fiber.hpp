#pragma once

#include <boost/context/detail/fcontext.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace parley::rc11 {

/// A stack of its own with the code that runs on it (Boost.Context). It is left where it is when it
/// is no longer wanted and never unwound: what it owns must be owned by somebody else as well.
class Fiber {
 public:
    using Code = void (*)(void* argument);

    explicit Fiber(std::size_t stack_bytes);
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;
    ~Fiber();

    /// Forgets what it was doing and is to call `code` when it is entered next.
    void start(Code code, void* argument);
    /// From outside: goes on in the fiber until it leaves.
    void enter();
    /// From inside: goes on after enter().
    void leave();

    /// Whether that is the function below which a fiber's stack has nothing, and no stack can be
    /// unwound.
    static bool begins_with(std::uintptr_t function) {
        return function == reinterpret_cast<std::uintptr_t>(&Fiber::run);
    }

    bool has_on_stack(std::uintptr_t address) const { return address - stack_begin() < bytes_; }
    /// From outside, of an address on the stack: it belongs to a function that has not returned.
    bool has_live(std::uintptr_t address) const {
        return address >= reinterpret_cast<std::uintptr_t>(state_->inside);
    }
    std::uintptr_t stack_begin() const { return reinterpret_cast<std::uintptr_t>(stack_); }
    /// Of what its code has there.
    std::uintptr_t stack_end() const { return reinterpret_cast<std::uintptr_t>(state_); }

    /// From outside, when it has been started: all that there is of it, which may be put back as it
    /// was, as bytes.
    std::span<const std::byte> live_stack() const {
        const auto* const top = static_cast<const std::byte*>(state_->inside);
        return {top, stack_ + bytes_};
    }
    /// From outside, when it has been started: clears what functions that have returned have left.
    void clear_below();
    /// From outside, when it has been started: it has thrown or caught something that it has not
    /// done with. The C++ runtime keeps that.
    bool is_handling_exceptions() const {
        return state_->own.caught != nullptr || state_->own.uncaught != 0;
    }

 private:
    /// What the C++ runtime keeps for each thread about exceptions in flight.
    struct Exceptions {
        void* caught = nullptr;
        unsigned int uncaught = 0;
    };
    struct State {
        Code code = nullptr;
        void* argument = nullptr;
        boost::context::detail::fcontext_t inside = nullptr;
        boost::context::detail::fcontext_t outside = nullptr;
        Exceptions own;
        Exceptions others;
    };
    static Exceptions exchange_exceptions(void* globals, Exceptions next);
    static void run(boost::context::detail::transfer_t from);

    std::byte* stack_ = nullptr;  ///< lowest address
    std::size_t bytes_;
    State* state_ = nullptr;  ///< where the stack begins, so that both are one piece of memory
};

}  // namespace parley::rc11
