#include "parley/checker/cli/page_server.hpp"

#include "parley/checker/report.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

namespace parley::cli {

namespace {

/// Requests on their way from the threads of the server to the one that answers.
class Requests {
 public:
    Answer ask(std::string path, std::string steps) {
        std::packaged_task<Answer(Answer)> hand_over{[](Answer answer) { return answer; }};
        std::future<Answer> answered = hand_over.get_future();
        {
            const std::lock_guard lock{mutex_};
            if (is_closed_) return {503, "text/plain", "closed"};
            waiting_.push_back({std::move(path), std::move(steps), std::move(hand_over)});
        }
        is_there_.notify_one();
        return answered.get();
    }

    /// Answers what comes within a moment.
    template <class Function>
    void serve_one(const Function& answer) {
        std::unique_lock lock{mutex_};
        is_there_.wait_for(lock, std::chrono::milliseconds(50), [&] { return !waiting_.empty(); });
        if (waiting_.empty()) return;
        Request request = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        request.hand_over(answer(request.path, request.steps));
    }

    void close() {
        const std::lock_guard lock{mutex_};
        is_closed_ = true;
        for (Request& request : waiting_) request.hand_over({503, "text/plain", "closed"});
        waiting_.clear();
    }

 private:
    struct Request {
        std::string path;
        std::string steps;
        std::packaged_task<Answer(Answer)> hand_over;
    };

    std::mutex mutex_;
    std::condition_variable is_there_;
    std::deque<Request> waiting_;
    bool is_closed_ = false;
};

/// Threads that are made while it lives get no signals: those are for the code under check.
class SignalsBlocked {
 public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
    sigset_t before_{};
};

constexpr const char* loopback = "127.0.0.1";

}  // namespace

void serve_page(
    int port, const std::function<void(const std::string& address)>& ready,
    const std::function<Answer(std::string_view path, const std::string& steps)>& answer,
    const std::function<bool()>& is_stopped) {
    httplib::Server server;
    // Not the library's own, which let two servers share a port.
    server.set_socket_options([](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    const int bound = port == 0                             ? server.bind_to_any_port(loopback)
                      : server.bind_to_port(loopback, port) ? port
                                                            : -1;
    if (bound < 0) throw checker::InputError(fmt::format("port {} cannot be used", port));
    Requests requests;
    const std::string host = fmt::format("{}:{}", loopback, bound);
    const std::string local_host = fmt::format("localhost:{}", bound);
    server.Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
        Answer made{403, "text/plain", "not for this host"};
        const std::string asked = request.get_header_value("Host");
        if (asked == host || asked == local_host) {
            made = requests.ask(request.path, request.get_param_value("steps"));
        }
        response.status = made.status;
        response.set_header("Cache-Control", "no-store");
        response.set_content(made.body, made.type);
    });
    std::thread listener;
    {
        const SignalsBlocked blocked;
        listener = std::thread([&] { server.listen_after_bind(); });
    }
    ready(fmt::format("http://{}/", host));
    while (!is_stopped()) requests.serve_one(answer);
    requests.close();
    while (!server.is_running()) std::this_thread::yield();
    server.stop();
    listener.join();
}

}  // namespace parley::cli
