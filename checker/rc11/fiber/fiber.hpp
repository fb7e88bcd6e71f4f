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

    bool has_on_stack(std::uintptr_t address) const { return address - stack_begin() < bytes_; }
    /// From outside, of an address on the stack: it belongs to a function that has not returned.
    bool has_live(std::uintptr_t address) const {
        return address >= reinterpret_cast<std::uintptr_t>(inside_);
    }
    std::uintptr_t stack_begin() const { return reinterpret_cast<std::uintptr_t>(stack_); }
    std::uintptr_t stack_end() const { return stack_begin() + bytes_; }

    /// From outside, when it has been started: what is on its stack. With this object itself it is
    /// all that there is of the fiber; both may be put back as they were, as bytes.
    std::span<const std::byte> live_stack() const {
        const auto* const top = static_cast<const std::byte*>(inside_);
        return {top, stack_ + bytes_};
    }
    /// It has thrown or caught something that it has not done with. The C++ runtime keeps that.
    bool is_handling_exceptions() const { return own_.caught != nullptr || own_.uncaught != 0; }

 private:
    /// What the C++ runtime keeps for each thread about exceptions in flight.
    struct Exceptions {
        void* caught = nullptr;
        unsigned int uncaught = 0;
    };
    static Exceptions exchange_exceptions(void* globals, Exceptions next);
    static void run(boost::context::detail::transfer_t from);

    std::byte* stack_ = nullptr;  ///< lowest address
    std::size_t bytes_;
    Code code_ = nullptr;
    void* argument_ = nullptr;
    boost::context::detail::fcontext_t inside_ = nullptr;
    boost::context::detail::fcontext_t outside_ = nullptr;
    Exceptions own_;
    Exceptions others_;
};

}  // namespace parley::rc11
