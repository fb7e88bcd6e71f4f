#include "parley/checker/subprocess.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parley::checker {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int poll_ms = 20;

class Descriptor {
 public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    ~Descriptor() { close(); }

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

 private:
    int number_;
};

struct Pipe {
    Descriptor read_end;
    Descriptor write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::string_view name_of(std::string_view variable) {
    return variable.substr(0, variable.find('='));
}

std::vector<std::string> environment_of(const Command& command) {
    const auto is_edited = [&](std::string_view variable) {
        return std::ranges::any_of(command.environment, [&](const std::string& edit) {
            return name_of(edit) == name_of(variable);
        });
    };
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (!is_edited(*variable)) variables.emplace_back(*variable);
    }
    for (const std::string& edit : command.environment) {
        if (edit.find('=') != std::string::npos) variables.push_back(edit);
    }
    return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// All that the child needs, made before the fork: after it nothing may allocate.
struct Launch {
    std::vector<std::string> argument_texts;
    std::vector<std::string> variable_texts;
    std::vector<char*> arguments;
    std::vector<char*> variables;
    bool is_address_randomized = true;
    pid_t parent = 0;

    explicit Launch(const Command& command)
        : argument_texts(command.arguments),
          variable_texts(environment_of(command)),
          is_address_randomized(command.is_address_randomized),
          parent(getpid()) {
        argument_texts.insert(argument_texts.begin(), command.path);
        arguments = pointers_to(argument_texts);
        variables = pointers_to(variable_texts);
    }
};

/// In the child. Writes errno to `failure` when the program cannot be started.
[[noreturn]] void become(const Launch& launch, int output, int failure) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launch.parent) _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    if (!launch.is_address_randomized) personality(ADDR_NO_RANDOMIZE);
    const int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0) {
        execvpe(launch.arguments[0], launch.arguments.data(), launch.variables.data());
    }
    const int reason = errno;
    [[maybe_unused]] const ssize_t written = write(failure, &reason, sizeof reason);
    _exit(127);
}

/// Throws when the child has written a reason for not starting.
void check_started(int failure, pid_t child, const std::string& path) {
    int reason = 0;
    ssize_t got = 0;
    do got = read(failure, &reason, sizeof reason);
    while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof reason)) return;
    waitpid(child, nullptr, 0);
    throw std::system_error(reason, std::generic_category(), "cannot run " + path);
}

class Child {
 public:
    Child(const Command& command, const CommandLimits& limits)
        : limits_(limits), output_(make_pipe()), deadline_(after_seconds(limits.seconds)) {
        const Launch launch(command);
        Pipe failure = make_pipe();
        pid_ = fork();
        if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
        if (pid_ == 0) become(launch, output_.write_end.number(), failure.write_end.number());
        setpgid(pid_, pid_);
        output_.write_end.close();
        failure.write_end.close();
        check_started(failure.read_end.number(), pid_, command.path);
    }

    CommandResult run() {
        while (!has_ended()) {
            read_some();
            end_when_due();
        }
        while (read_some(0)) {
        }
        kill(-pid_, SIGKILL);  // what it may have left behind in its group
        result_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
        return std::move(result_);
    }

 private:
    static Clock::time_point after_seconds(double seconds) {
        return Clock::now() +
               std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    }

    bool has_ended() {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
        if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
        if (WIFEXITED(status)) result_.exit_code = WEXITSTATUS(status);
        return true;
    }

    /// True when there was something to read.
    bool read_some(int wait_ms = poll_ms) {
        pollfd ready{.fd = output_.read_end.number(), .events = POLLIN, .revents = 0};
        // A closed output is no reason to spin until the child is gone.
        if (!output_.read_end.is_open()) wait_ms = std::min(wait_ms, 1);
        if (poll(&ready, 1, wait_ms) <= 0) return false;
        const ssize_t got = read(ready.fd, buffer_.data(), buffer_.size());
        if (got == 0) output_.read_end.close();
        if (got <= 0) return false;
        const std::size_t room = limits_.output_bytes_max - result_.output.size();
        const std::size_t taken = std::min(room, static_cast<std::size_t>(got));
        result_.output.append(buffer_.data(), taken);
        result_.is_truncated |= taken < static_cast<std::size_t>(got);
        return true;
    }

    void end_when_due() {
        const bool is_asked = result_.has_timed_out || result_.was_stopped;
        if (is_asked) {
            if (Clock::now() >= kill_at_) kill(-pid_, SIGKILL);
            return;
        }
        result_.was_stopped = limits_.stop != nullptr && *limits_.stop;
        result_.has_timed_out = !result_.was_stopped && Clock::now() >= deadline_;
        if (!result_.was_stopped && !result_.has_timed_out) return;
        kill(-pid_, SIGINT);
        kill_at_ = Clock::now() + std::chrono::milliseconds(limits_.grace_ms);
    }

    const CommandLimits& limits_;
    Pipe output_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point deadline_;
    Clock::time_point kill_at_;
    pid_t pid_ = 0;
    std::array<char, 65536> buffer_;
    CommandResult result_;
};

}  // namespace

CommandResult run_command(const Command& command, const CommandLimits& limits) {
    return Child(command, limits).run();
}

}  // namespace parley::checker
