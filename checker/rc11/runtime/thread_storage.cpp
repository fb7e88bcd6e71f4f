#include "parley/checker/rc11/runtime/thread_storage.hpp"

#include "parley/checker/require.hpp"

#include <sched.h>
#include <sys/auxv.h>
#include <unistd.h>

extern "C" ssize_t __read(int file, void* to, std::size_t bytes);

namespace parley::rc11 {

namespace {

// Not inlined: no address of a thread-local variable may be kept across them.
[[gnu::noinline]] std::uintptr_t read_base() {
    std::uintptr_t base = 0;
    asm volatile("rdfsbase %0" : "=r"(base)::"memory");
    return base;
}
[[gnu::noinline]] void write_base(std::uintptr_t base) {
    asm volatile("wrfsbase %0" ::"r"(base) : "memory");
}

}  // namespace

bool ThreadStorage::is_supported() {
    constexpr unsigned long has_fsgsbase = 2;  // HWCAP2_FSGSBASE
    return (getauxval(AT_HWCAP2) & has_fsgsbase) != 0;
}

ThreadStorage::ThreadStorage() {
    checker::require(pipe(end_) == 0, "there is a pipe for a thread to wait for");
    checker::require(pthread_create(&thread_, nullptr, &ThreadStorage::lend, this) == 0,
                     "there is a thread that lends its variables");
    while (base_.load(std::memory_order_acquire) == 0) sched_yield();
}

ThreadStorage::~ThreadStorage() {
    close(end_[1]);
    pthread_join(thread_, nullptr);
    close(end_[0]);
}

void* ThreadStorage::lend(void* storage) {
    auto& self = *static_cast<ThreadStorage*>(storage);
    self.base_.store(read_base(), std::memory_order_release);
    // Not with a function that the runtime has in the library's place: it would be taken for one
    // of code under check.
    char byte = 0;
    while (__read(self.end_[0], &byte, 1) < 0) {
    }
    return nullptr;
}

std::uintptr_t ThreadStorage::enter() const {
    const std::uintptr_t before = read_base();
    write_base(base_.load(std::memory_order_relaxed));
    return before;
}

void ThreadStorage::leave(std::uintptr_t before) {
    write_base(before);
}

}  // namespace parley::rc11
