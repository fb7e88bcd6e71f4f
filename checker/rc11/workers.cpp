#include "parley/checker/rc11/workers.hpp"

#include "parley/checker/require.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace parley::rc11 {

using checker::require;

namespace {

constexpr std::uint64_t no_unit = UINT64_MAX;
constexpr unsigned processes_max = 64;

/// What the processes have in common.
struct Board {
    std::atomic<std::uint64_t> next{0};       ///< the unit that nobody has taken
    std::atomic<bool> is_interrupted{false};  ///< from outside, as the calling process has heard
    std::atomic<std::uint64_t> stopped{no_unit};  ///< the first unit that ends the search
    std::array<std::atomic<std::uint64_t>, processes_max> current{};  ///< by process: the unit

    void stop_at(std::uint64_t unit) {
        std::uint64_t first = stopped.load();
        while (unit < first && !stopped.compare_exchange_weak(first, unit)) {
        }
    }
};

class SharedBoard {
 public:
    SharedBoard()
        : memory_(mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                       -1, 0)) {
        require(memory_ != MAP_FAILED, "there is memory for what processes share");
        board_ = new (memory_) Board;
    }
    SharedBoard(const SharedBoard&) = delete;
    SharedBoard& operator=(const SharedBoard&) = delete;
    ~SharedBoard() { munmap(memory_, sizeof(Board)); }

    Board& operator*() const { return *board_; }

 private:
    void* memory_;
    Board* board_;
};

/// Comes before what was found out in a unit. The last one of a worker has no unit, and says how it
/// ended and how many units there were.
struct Header {
    std::uint64_t unit = no_unit;
    std::uint64_t bytes = 0;
    std::uint64_t units = 0;
    WorkerEnd end = WorkerEnd::done;
};

// ---- in a worker --------------------------------------------------------------------------------

void write_all(int file, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) _exit(1);  // Nobody listens.
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

class Worker final : public Units {
 public:
    Worker(const SharedSearch& search, Board& board, unsigned number, int file)
        : search_(search), board_(board), number_(number), file_(file) {}

    void run() {
        const auto must_stop = [this] {
            return board_.is_interrupted.load(std::memory_order_relaxed) || is_too_late();
        };
        const WorkerEnd end = search_.search(*this, must_stop);
        if (end == WorkerEnd::stopped && !is_too_late()) board_.stop_at(current_);
        send({.units = units_, .end = end}, {});
    }

 private:
    /// Whatever is found now comes after something that ends the search.
    bool is_too_late() const { return current_ > board_.stopped.load(std::memory_order_relaxed); }

    bool begin(std::uint64_t unit) override {
        current_ = unit;
        board_.current[number_] = unit;
        units_ = unit + 1;
        while (taken_ == no_unit || taken_ < unit) taken_ = board_.next++;
        search_.begin_unit();
        return taken_ == unit && search_.is_wanted(unit);
    }
    void end(std::uint64_t unit, bool is_own) override {
        if (!is_own) return;
        const UnitBytes found = search_.end_unit();
        send({.unit = unit, .bytes = found.size()}, found);
    }
    void send(const Header& header, std::span<const std::byte> bytes) {
        write_all(file_, std::as_bytes(std::span(&header, 1)));
        write_all(file_, bytes);
    }

    const SharedSearch& search_;
    Board& board_;
    unsigned number_;
    int file_;
    std::uint64_t current_ = 0;
    std::uint64_t taken_ = no_unit;
    std::uint64_t units_ = 0;
};

// ---- outside ------------------------------------------------------------------------------------

/// A worker as the calling process sees it.
struct Process {
    pid_t id = 0;
    int file = -1;
    std::vector<std::byte> received = {};
    std::optional<Header> last = {};
};

Process start(const SharedSearch& search, Board& board, unsigned number) {
    std::array<int, 2> files{};
    require(pipe(files.data()) == 0, "there is a pipe for a worker");
    const pid_t parent = getpid();
    const pid_t id = fork();
    require(id >= 0, "there is a process for a worker");
    if (id != 0) {
        close(files[1]);
        return {.id = id, .file = files[0]};
    }
    close(files[0]);
    std::signal(SIGPIPE, SIG_IGN);
    // A crash ends the worker, whatever the program does about its own.
    for (const int crash : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(crash, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    try {
        Worker(search, board, number, files[1]).run();
    } catch (...) {
        std::abort();
    }
    _exit(0);
}

/// Hands on what has been received as a whole.
void take_records(Process& process, const SharedSearch& search) {
    std::span<const std::byte> rest(process.received);
    while (rest.size() >= sizeof(Header)) {
        Header header;
        std::copy_n(rest.begin(), sizeof header,
                    std::as_writable_bytes(std::span(&header, 1)).begin());
        if (rest.size() < sizeof header + header.bytes) break;
        if (header.unit == no_unit) {
            process.last = header;
        } else {
            const auto bytes = rest.subspan(sizeof header, header.bytes);
            search.take(header.unit, {bytes.begin(), bytes.end()});
        }
        rest = rest.subspan(sizeof header + header.bytes);
    }
    process.received.erase(process.received.begin(),
                           process.received.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

/// False: it has closed its end.
bool receive(Process& process, const SharedSearch& search) {
    std::array<std::byte, 65536> block;
    const ssize_t count = read(process.file, block.data(), block.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    process.received.insert(process.received.end(), block.begin(), block.begin() + count);
    take_records(process, search);
    return true;
}

/// False: it has come to its end, and to another number of units than one before.
bool finish(Process& process, const Board& board, unsigned number, SharedEnd& end) {
    close(process.file);
    int status = 0;
    while (waitpid(process.id, &status, 0) < 0 && errno == EINTR) {
    }
    if (!process.last) {
        const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : SIGABRT;
        end.lost = {signal, board.current[number].load()};
        return true;
    }
    if (process.last->end == WorkerEnd::interrupted) end.is_interrupted = true;
    if (process.last->end != WorkerEnd::done) return true;
    const std::uint64_t before = std::exchange(end.units, process.last->units);
    return before == 0 || before == end.units;
}

}  // namespace

SharedEnd search_shared(const SharedSearch& search) {
    constexpr int poll_ms = 100;
    const SharedBoard shared;
    Board& board = *shared;
    const unsigned count = std::clamp(search.processes, 1U, processes_max);
    std::vector<Process> processes;
    for (unsigned number = 0; number < count; ++number) {
        processes.push_back(start(search, board, number));
    }
    SharedEnd end;
    bool are_alike = true;
    std::vector<pollfd> open;
    for (const Process& process : processes) open.push_back({process.file, POLLIN, 0});
    for (unsigned left = count; left > 0;) {
        if (search.is_stopped()) board.is_interrupted = true;
        if (poll(open.data(), open.size(), poll_ms) <= 0) continue;
        for (unsigned number = 0; number < count; ++number) {
            if (open[number].fd < 0 || open[number].revents == 0) continue;
            if (receive(processes[number], search)) continue;
            are_alike = finish(processes[number], board, number, end) && are_alike;
            open[number].fd = -1;
            --left;
        }
    }
    require(are_alike, "a search has the same parts in each process");
    if (const std::uint64_t stopped = board.stopped; stopped != no_unit) end.stopped_at = stopped;
    return end;
}

}  // namespace parley::rc11
