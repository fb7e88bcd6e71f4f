#include "parley/checker/cli/interrupt.hpp"

#include <csignal>

namespace parley::cli {

namespace {

std::atomic<bool> is_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only set such a flag");

void take_note(int) {
    is_interrupted.store(true, std::memory_order_relaxed);
}

}  // namespace

const std::atomic<bool>& stop_on_interrupt() {
    struct sigaction action{};
    action.sa_handler = &take_note;
    action.sa_flags = SA_RESTART;
    action.sa_flags |= static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return is_interrupted;
}

}  // namespace parley::cli
