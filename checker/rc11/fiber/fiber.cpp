#include "parley/checker/rc11/fiber/fiber.hpp"

#include "parley/checker/require.hpp"

#include <cxxabi.h>
#include <sys/mman.h>

#include <cstring>

namespace parley::rc11 {

namespace context = boost::context::detail;

namespace {
constexpr std::size_t guard_bytes = 4096;
}

Fiber::Fiber(std::size_t stack_bytes) : bytes_(stack_bytes) {
    void* const memory = mmap(nullptr, bytes_ + guard_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    checker::require(memory != MAP_FAILED, "there is memory for a stack");
    mprotect(memory, guard_bytes, PROT_NONE);
    stack_ = static_cast<std::byte*>(memory) + guard_bytes;
}

Fiber::~Fiber() {
    munmap(stack_ - guard_bytes, bytes_ + guard_bytes);
}

void Fiber::start(Code code, void* argument) {
    code_ = code;
    argument_ = argument;
    own_ = {};
    inside_ = context::make_fcontext(stack_ + bytes_, bytes_, &Fiber::run);
}

void Fiber::enter() {
    // They stay where they are as long as the thread of the system does.
    void* const globals = abi::__cxa_get_globals();
    others_ = exchange_exceptions(globals, own_);
    inside_ = context::jump_fcontext(inside_, this).fctx;
    own_ = exchange_exceptions(globals, others_);
}

void Fiber::leave() {
    outside_ = context::jump_fcontext(outside_, this).fctx;
}

void Fiber::run(context::transfer_t from) {
    auto* const fiber = static_cast<Fiber*>(from.data);
    fiber->outside_ = from.fctx;
    fiber->code_(fiber->argument_);
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
