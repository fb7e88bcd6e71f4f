#include "parley/checker/rc11/fiber/fiber.hpp"

#include "parley/checker/guard.hpp"
#include "parley/checker/require.hpp"

#include <cxxabi.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>

namespace parley::rc11 {

namespace context = boost::context::detail;

namespace {

constexpr std::size_t guard_bytes = 4096;

/// Whether code under check runs is another thing in each fiber: it is again what it was when that
/// goes on.
class KeptGuard {
 public:
    KeptGuard() = default;
    ~KeptGuard() { checker::guard_state::is_under_check = is_under_check_; }
    KeptGuard(const KeptGuard&) = delete;
    KeptGuard& operator=(const KeptGuard&) = delete;

 private:
    std::sig_atomic_t is_under_check_ = checker::guard_state::is_under_check;
};

}  // namespace

Fiber::Fiber(std::size_t stack_bytes) : bytes_(stack_bytes) {
    void* const memory = mmap(nullptr, bytes_ + guard_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    checker::require(memory != MAP_FAILED, "there is memory for a stack");
    mprotect(memory, guard_bytes, PROT_NONE);
    stack_ = static_cast<std::byte*>(memory) + guard_bytes;
    static_assert(sizeof(State) % alignof(std::max_align_t) == 0);
    state_ = new (stack_ + bytes_ - sizeof(State)) State;
}

Fiber::~Fiber() {
    munmap(stack_ - guard_bytes, bytes_ + guard_bytes);
}

void Fiber::start(Code code, void* argument) {
    *state_ = State{};
    // It begins with what is there in registers: the same each time.
    constexpr std::size_t context_bytes = 256;
    std::memset(reinterpret_cast<std::byte*>(state_) - context_bytes, 0, context_bytes);
    state_->code = code;
    state_->argument = argument;
    state_->inside = context::make_fcontext(state_, bytes_ - sizeof(State), &Fiber::run);
}

void Fiber::enter() {
    // They stay where they are as long as the thread of the system does.
    static thread_local void* const globals = abi::__cxa_get_globals();
    state_->others = exchange_exceptions(globals, state_->own);
    const KeptGuard guard;
    state_->inside = context::jump_fcontext(state_->inside, this).fctx;
    state_->own = exchange_exceptions(globals, state_->others);
}

void Fiber::leave() {
    const KeptGuard guard;
    state_->outside = context::jump_fcontext(state_->outside, this).fctx;
}

void Fiber::clear_below() {
    constexpr std::size_t usual_bytes = 4096;
    const std::size_t bytes =
        std::min(usual_bytes, reinterpret_cast<std::uintptr_t>(state_->inside) - stack_begin());
    std::memset(static_cast<std::byte*>(state_->inside) - bytes, 0, bytes);
}

void Fiber::run(context::transfer_t from) {
    auto* const fiber = static_cast<Fiber*>(from.data);
    fiber->state_->outside = from.fctx;
    fiber->state_->code(fiber->state_->argument);
    while (true) fiber->leave();
}

Fiber::Exceptions Fiber::exchange_exceptions(void* globals, Exceptions next) {
    // The layout is fixed by the Itanium C++ ABI.
    Exceptions current;
    std::memcpy(static_cast<void*>(&current.caught), globals, sizeof current.caught);
    std::memcpy(&current.uncaught, static_cast<std::byte*>(globals) + sizeof(void*),
                sizeof current.uncaught);
    std::memcpy(globals, static_cast<const void*>(&next.caught), sizeof next.caught);
    std::memcpy(static_cast<std::byte*>(globals) + sizeof(void*), &next.uncaught,
                sizeof next.uncaught);
    return current;
}

}  // namespace parley::rc11
