#include "parley/checker/relacy/platform.hpp"

namespace parley::checker::relacy {

void RelacyPlatform::fence(std::memory_order order, Where where) {
    switch (order) {
        case std::memory_order_relaxed:
            break;
        case std::memory_order_release:
            rl::ctx().atomic_thread_fence_release();
            break;
        case std::memory_order_acq_rel:
            rl::ctx().atomic_thread_fence_acq_rel();
            break;
        case std::memory_order_seq_cst:
            rl::ctx().atomic_thread_fence_seq_cst();
            break;
        default:
            rl::ctx().atomic_thread_fence_acquire();
            break;
    }
    record({.operation = MemoryOperation::fence, .order = order}, where);
}

void RelacyPlatform::pause(Where where) {
    // Larger counts hide behaviour.
    rl::ctx().yield(1, rl::debug_info(where.function_name(), where.file_name(), where.line()));
}

}  // namespace parley::checker::relacy
