#include "parley/checker/thread_team.hpp"

#include "parley/protocols/model/platform.hpp"

#include <csignal>

namespace parley::checker {

namespace {

/// Returns the value of `number` once it is another one than `old`.
std::uint32_t wait_for_change(const std::atomic<std::uint32_t>& number, std::uint32_t old) {
    constexpr int looks = 5'000;
    for (int i = 0; i < looks; ++i) {
        const std::uint32_t now = number.load(std::memory_order_acquire);
        if (now != old) return now;
        model::StdPlatform::pause();
    }
    number.wait(old, std::memory_order_acquire);
    return number.load(std::memory_order_acquire);
}

}  // namespace

ThreadTeam::ThreadTeam(std::size_t count) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (std::size_t thread = 1; thread < count; ++thread) {
        threads_.emplace_back([this, thread] { wait_for_work(thread); });
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadTeam::~ThreadTeam() {
    begin(nullptr);
    for (std::thread& thread : threads_) thread.join();
}

void ThreadTeam::run(const std::function<void(std::size_t)>& work) {
    begin(&work);
    work(0);
    for (std::uint32_t busy = busy_.load(std::memory_order_acquire); busy != 0;) {
        busy = wait_for_change(busy_, busy);
    }
}

void ThreadTeam::begin(const std::function<void(std::size_t)>* work) {
    work_ = work;
    busy_.store(static_cast<std::uint32_t>(threads_.size()), std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
}

void ThreadTeam::wait_for_work(std::size_t thread) {
    for (std::uint32_t round = 0;;) {
        round = wait_for_change(round_, round);
        if (work_ == nullptr) return;
        (*work_)(thread);
        busy_.fetch_sub(1, std::memory_order_acq_rel);
        busy_.notify_one();
    }
}

}  // namespace parley::checker
