#include "parley/stress/barrier.hpp"

#include <climits>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace parley::stress {

void SpinBarrier::sleep(std::uint32_t phase) {
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    // Returns at once when the phase has turned. std::atomic::wait would yield before it sleeps,
    // which on a loaded machine takes longer than all the rest.
    syscall(SYS_futex, &phase_, FUTEX_WAIT_PRIVATE, phase, nullptr, nullptr, 0);
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
}

void SpinBarrier::wake() {
    syscall(SYS_futex, &phase_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace parley::stress
