#include "parley/stress/fibers/party_fibers.hpp"

#include "parley/stress/fibers/switch_point.hpp"
#include "parley/stress/tsan_hook.hpp"
#include "parley/stress/uninstrumented.hpp"
#include "parley/stress/whereabouts.hpp"

#include <cstdlib>
#include <cstring>

#include <cxxabi.h>
#include <sys/mman.h>

// Compiled without -fsanitize=thread, and without functions of the standard library that are
// inline, for the reasons that tsan_hook.cpp gives. What is here belongs to neither party, so that
// the runtime must not see it.

extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_set_fiber_name(void* fiber, const char* name);
void __tsan_acquire(void* object);
void __tsan_release(void* object);

void __real___tsan_atomic_thread_fence(int order);
void __wrap___tsan_atomic_thread_fence(int order);
int __real_sched_yield();
int __wrap_sched_yield();
}

namespace parley::stress {
namespace {

namespace context = boost::context::detail;

constexpr unsigned no_sync = 1;
constexpr std::size_t stack_bytes = std::size_t{1} << 20;
constexpr std::size_t guard_bytes = 4096;

/// Objects by which the runtime is told what does order the parties with their caller.
char both_start = 0;
char has_ended = 0;

constinit thread_local PartyFibers* on_this_thread = nullptr;
std::uint64_t traps = 0;
bool is_running = false;

std::byte* make_stack() {
    void* const memory = mmap(nullptr, stack_bytes + guard_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) abort();
    mprotect(memory, guard_bytes, PROT_NONE);
    return static_cast<std::byte*>(memory) + guard_bytes;
}

}  // namespace

PartyFibers::PartyFibers() : outside_thread_(__tsan_get_current_fiber()) {
    for (std::size_t i = 0; i < 2; ++i) {
        fibers_[i].stack = make_stack();
        fibers_[i].thread = __tsan_create_fiber(0);
        __tsan_set_fiber_name(fibers_[i].thread, i == 0 ? "left" : "right");
    }
}

PartyFibers::~PartyFibers() {
    for (Fiber& fiber : fibers_) {
        __tsan_destroy_fiber(fiber.thread);
        munmap(fiber.stack - guard_bytes, stack_bytes + guard_bytes);
    }
}

void PartyFibers::start(Code code, void* argument) {
    code_ = code;
    argument_ = argument;
    for (Fiber& fiber : fibers_) {
        fiber.context = context::make_fcontext(fiber.stack + stack_bytes, stack_bytes, &run);
        fiber.caught = nullptr;
        fiber.uncaught = 0;
    }
    __tsan_release(&both_start);
}

Trap PartyFibers::resume(model::Party party) {
    running_ = model::index_of(party);
    Fiber& fiber = fibers_[running_];
    on_this_thread = this;
    whereabouts = {.is_running = true, .party = party};
    exchange_exceptions(fiber);
    __atomic_store_n(&is_running, true, __ATOMIC_RELAXED);
    __tsan_switch_to_fiber(fiber.thread, no_sync);
    fiber.context = context::jump_fcontext(fiber.context, this).fctx;
    __atomic_store_n(&is_running, false, __ATOMIC_RELAXED);
    exchange_exceptions(fiber);
    whereabouts.is_running = false;
    on_this_thread = nullptr;
    if (trap_ == Trap::end) __tsan_acquire(&has_ended);
    return trap_;
}

void PartyFibers::trap(Trap trap) {
    trap_ = trap;
    __atomic_store_n(&traps, traps + 1, __ATOMIC_RELAXED);
    __tsan_switch_to_fiber(outside_thread_, no_sync);
    outside_ = context::jump_fcontext(outside_, this).fctx;
}

std::uint32_t PartyFibers::ask(std::uint32_t count) {
    PartyFibers* const fibers = on_this_thread;
    if (fibers == nullptr) return 0;
    fibers->question_ = count;
    fibers->trap(Trap::question);
    return fibers->answer_;
}

void PartyFibers::run(context::transfer_t from) {
    auto* const fibers = static_cast<PartyFibers*>(from.data);
    fibers->outside_ = from.fctx;
    __tsan_acquire(&both_start);
    fibers->code_(fibers->argument_,
                  fibers->running_ == 0 ? model::Party::left : model::Party::right);
    __tsan_release(&has_ended);
    fibers->trap(Trap::end);
}

void PartyFibers::exchange_exceptions(Fiber& fiber) {
    // The layout is fixed by the Itanium C++ ABI (2.2.2).
    auto* const globals = reinterpret_cast<char*>(abi::__cxa_get_globals());
    void* caught = nullptr;
    unsigned int uncaught = 0;
    std::memcpy(static_cast<void*>(&caught), globals, sizeof caught);
    std::memcpy(&uncaught, globals + sizeof caught, sizeof uncaught);
    std::memcpy(globals, static_cast<const void*>(&fiber.caught), sizeof caught);
    std::memcpy(globals + sizeof caught, &fiber.uncaught, sizeof uncaught);
    fiber.caught = caught;
    fiber.uncaught = uncaught;
}

FiberPulse fiber_pulse() {
    return {__atomic_load_n(&traps, __ATOMIC_RELAXED),
            __atomic_load_n(&is_running, __ATOMIC_RELAXED)};
}

void pass_switch_point() {
    if (on_this_thread == nullptr || whereabouts.is_handling_signal) return;
    on_this_thread->trap(Trap::operation);
}

}  // namespace parley::stress

void __wrap___tsan_atomic_thread_fence(int order) {
    parley::stress::note_fence(__builtin_return_address(0));
    parley::stress::pass_switch_point();
    __real___tsan_atomic_thread_fence(order);
}

int __wrap_sched_yield() {
    if (parley::stress::on_this_thread == nullptr) return __real_sched_yield();
    parley::stress::on_this_thread->trap(parley::stress::Trap::wait);
    return 0;
}
