// Exceptions. They are memory of code under check, though the C++ library allocates it.
//
// Those that threads share (std::exception_ptr): the library counts who has one, unseen:
// the last one destroys it, which comes after all that the others have done with it. A location
// beyond memory stands for the count of each exception.

#include "parley/checker/rc11/runtime/interposing.hpp"

#include <cstring>
#include <exception>

namespace parley::rc11 {

namespace {

constexpr std::uintptr_t exception_counts = 3 * beyond_memory;

/// Null: it is none of C++.
const void* exception_in_flight() {
    const auto current = library<&std::current_exception>("_ZSt17current_exceptionv")();
    const void* exception = nullptr;
    std::memcpy(&exception, &current, sizeof exception);
    return exception;
}

}  // namespace

void Runtime::let_go_of_exception(const void* exception) {
    const Doing doing(*this, "exception_ptr");
    const Outside outside;
    // One that is not of this heap is elsewhere in each execution.
    const std::uintptr_t address = rc11::address_of(exception);
    access_object(exception_counts + (arena_.contains(address) ? address : 0), 0,
                  {.kind = Operation::Kind::modify,
                   .order = Order::acq_rel,
                   .update = Update::add,
                   .value = 0});
}

void Runtime::note_shared_exception() {
    self().has_shared_exceptions = true;
}

void Runtime::end_catch() {
    if (!self().has_shared_exceptions) return;
    const void* exception = nullptr;
    {
        const Outside outside;
        exception = exception_in_flight();
    }
    let_go_of_exception(exception);
}

void link_exceptions() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

extern "C" {

void release_exception(void** pointer) __asm__(
    "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv");
void release_exception(void** pointer) {
    rc11::Runtime* const runtime = rc11::active_from(__builtin_return_address(0));
    if (runtime != nullptr && *pointer != nullptr) runtime->let_go_of_exception(*pointer);
    rc11::library<&release_exception>("_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv")(
        pointer);
}

void* __cxa_allocate_exception(std::size_t bytes) noexcept {
    const auto allocate = rc11::library<&__cxa_allocate_exception>("__cxa_allocate_exception");
    rc11::Runtime::is_throwing = rc11::active_from(__builtin_return_address(0)) != nullptr;
    void* const exception = allocate(bytes);
    rc11::Runtime::is_throwing = false;
    return exception;
}

void __cxa_end_catch() {
    if (auto* const runtime = rc11::active_for(__builtin_return_address(0))) runtime->end_catch();
    rc11::library<&__cxa_end_catch>("__cxa_end_catch")();
}

}  // extern "C"

std::exception_ptr std::current_exception() noexcept {
    if (auto* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->note_shared_exception();
    }
    return rc11::library<&std::current_exception>("_ZSt17current_exceptionv")();
}

void std::rethrow_exception(std::exception_ptr exception) {
    if (auto* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->note_shared_exception();
    }
    rc11::library<&std::rethrow_exception>(
        "_ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE")(std::move(exception));
    __builtin_trap();
}
