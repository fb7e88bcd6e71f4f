#include "parley/checker/relacy/session.hpp"

#include "parley/checker/relacy/relacy.hpp"

#include <cstdlib>
#include <utility>

namespace parley::checker::relacy {
namespace {

rl::test_result_e to_relacy(FailureClass kind) {
    switch (kind) {
        case FailureClass::data_race:
            return rl::test_result_data_race;
        case FailureClass::memory_leak:
            return rl::test_result_memory_leak;
        case FailureClass::double_free:
            return rl::test_result_double_free;
        case FailureClass::freed_access:
            return rl::test_result_access_to_freed_memory;
        case FailureClass::uninitialised_access:
            return rl::test_result_unitialized_access;
        case FailureClass::deadlock:
            return rl::test_result_deadlock;
        case FailureClass::livelock:
            return rl::test_result_livelock;
        default:
            return rl::test_result_user_assert_failed;
    }
}

}  // namespace

FailureClass from_relacy(rl::test_result_e result) {
    switch (result) {
        case rl::test_result_success:
            return FailureClass::none;
        case rl::test_result_data_race:
            return FailureClass::data_race;
        case rl::test_result_memory_leak:
            return FailureClass::memory_leak;
        case rl::test_result_double_free:
            return FailureClass::double_free;
        case rl::test_result_access_to_freed_memory:
            return FailureClass::freed_access;
        case rl::test_result_unitialized_access:
            return FailureClass::uninitialised_access;
        case rl::test_result_deadlock:
            return FailureClass::deadlock;
        case rl::test_result_livelock:
            return FailureClass::livelock;
        case rl::test_result_user_assert_failed:
            return FailureClass::assertion;
        default:
            return FailureClass::other;
    }
}

ThreadIndex current_thread() {
    return session.in_threads ? static_cast<ThreadIndex>(rl::ctx().threadx_->index_) : no_thread;
}

void fail(FailureClass kind, std::string message, std::source_location where) {
    session.failure = {.kind = kind,
                       .message = std::move(message),
                       .file = where.file_name(),
                       .line = where.line(),
                       .thread = current_thread()};
    rl::ctx().fail_test("", to_relacy(kind), rl::debug_info());
    std::abort();
}

}  // namespace parley::checker::relacy
