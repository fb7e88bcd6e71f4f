#include "parley/checker/thread_team.hpp"

#include <csignal>

namespace parley::checker {

ThreadTeam::ThreadTeam(std::size_t count)
    : begin_(static_cast<std::ptrdiff_t>(count)), end_(static_cast<std::ptrdiff_t>(count)) {
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
    work_ = nullptr;
    begin_.arrive_and_wait();
    for (std::thread& thread : threads_) thread.join();
}

void ThreadTeam::run(const std::function<void(std::size_t)>& work) {
    work_ = &work;
    begin_.arrive_and_wait();
    work(0);
    end_.arrive_and_wait();
}

void ThreadTeam::wait_for_work(std::size_t thread) {
    for (;;) {
        begin_.arrive_and_wait();
        if (work_ == nullptr) return;
        (*work_)(thread);
        end_.arrive_and_wait();
    }
}

}  // namespace parley::checker
