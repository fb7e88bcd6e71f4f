#include "parley/checker/rc11/runtime/crash_watch.hpp"

#include "parley/checker/rc11/runtime/interposing.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <ucontext.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace parley::rc11 {

namespace {

constexpr std::size_t stack_bytes = std::size_t{64} << 10U;
bool is_looking = false;

/// The place behind the call by which code under check has come to `place`, if that is in a
/// library.
const void* place_in_program(const void* place) {
    // What has crashed may have damaged the stack: then this crashes as well.
    if (is_in_program(place) || std::exchange(is_looking, true)) return place;
    return innermost_instrumented(place);
}

}  // namespace

CrashWatch::CrashWatch() : stack_(std::make_unique<std::byte[]>(stack_bytes)) {
    stack_t stack{};
    stack.ss_sp = stack_.get();
    stack.ss_size = stack_bytes;
    sigaltstack(&stack, &stack_before_);
    struct sigaction action{};
    action.sa_sigaction = &CrashWatch::handle;
    // It never returns: the signal must not stay blocked.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &before_[i]);
}

CrashWatch::~CrashWatch() {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before_[i], nullptr);
    sigaltstack(&stack_before_, nullptr);
}

void CrashWatch::handle(int signal, siginfo_t* info, void* context) {
    const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
    Runtime* const runtime = Runtime::current();
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    if (runtime != nullptr && (runtime == Runtime::active() || runtime->is_below_stack(address))) {
        // Places are behind a call.
        const auto* const place =
            place_in_program(reinterpret_cast<const void*>(registers[REG_RIP] + 1));
        is_looking = false;
        runtime->crash(signal, address, place);
    }
    // Of the engine: it crashes once more, for whoever was there before.
    const auto place = std::ranges::find(signals, signal) - signals.begin();
    sigaction(signal, &before_[static_cast<std::size_t>(place)], nullptr);
}

}  // namespace parley::rc11
