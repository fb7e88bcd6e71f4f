#include "parley/stress/two_threads.hpp"

#include "parley/stress/crash.hpp"

#include <ctime>

#include <pthread.h>

namespace parley::stress {
namespace {

std::chrono::nanoseconds cpu_time_of(std::thread& thread) {
    clockid_t clock{};
    timespec time{};
    if (pthread_getcpuclockid(thread.native_handle(), &clock) != 0) return {};
    if (clock_gettime(clock, &time) != 0) return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

TwoThreads::TwoThreads()
    : left_(serve, shared_, model::Party::left), right_(serve, shared_, model::Party::right) {}

TwoThreads::~TwoThreads() {
    bool is_stuck = false;
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->is_over = true;
        is_stuck = shared_->busy > 0;
    }
    shared_->changed.notify_all();
    for (std::thread* thread : {&left_, &right_}) is_stuck ? thread->detach() : thread->join();
}

void TwoThreads::start(Work work, void* job) {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->work = work;
        shared_->job = job;
        shared_->busy = 2;
        ++shared_->started;
    }
    shared_->changed.notify_all();
}

bool TwoThreads::wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(shared_->mutex);
    return shared_->changed.wait_for(lock, time, [&] { return shared_->busy == 0; });
}

std::array<std::chrono::nanoseconds, 2> TwoThreads::cpu_times() {
    return {cpu_time_of(left_), cpu_time_of(right_)};
}

void TwoThreads::serve(const std::shared_ptr<Shared>& shared, model::Party party) {
    pthread_setname_np(pthread_self(), party == model::Party::left ? "left" : "right");
    const AlternateStack stack;
    std::uint64_t served = 0;
    std::unique_lock lock(shared->mutex);
    for (;;) {
        shared->changed.wait(lock, [&] { return shared->is_over || shared->started != served; });
        if (shared->is_over) return;
        served = shared->started;
        lock.unlock();
        shared->work(shared->job, party);
        lock.lock();
        --shared->busy;
        shared->changed.notify_all();
    }
}

}  // namespace parley::stress
