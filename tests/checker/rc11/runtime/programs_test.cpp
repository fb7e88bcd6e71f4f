#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <array>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// Small programs as people write them: each is right, and found to be wrong with one thing
/// changed.
namespace parley::tests {

namespace {

void check_right(const Verification& verification, std::uint64_t executions) {
    INFO(text_of(verification));
    CHECK(verification.result == Result::verified);
    CHECK(verification.executions == executions);
}

}  // namespace

// ---- a pool of threads --------------------------------------------------------------------------

namespace {

class Pool {
 public:
    /// `asks_again`: a worker that wakes looks whether there is something for it.
    Pool(int workers, bool asks_again) : asks_again_(asks_again) {
        for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
        }
        changed_.notify_all();
        for (std::thread& worker : workers_) worker.join();
    }
    void submit(std::function<void()> task) {
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(task));
        }
        changed_.notify_one();
    }

 private:
    bool has_something() const { return is_over_ || !tasks_.empty(); }
    void work() {
        while (true) {
            std::unique_lock lock(mutex_);
            if (asks_again_) {
                changed_.wait(lock, [this] { return has_something(); });
            } else if (!has_something()) {
                changed_.wait(lock);
            }
            if (asks_again_ && tasks_.empty()) return;
            const std::function<void()> task = std::move(tasks_.at(0));
            tasks_.pop_front();
            lock.unlock();
            task();
        }
    }

    bool asks_again_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    bool is_over_ = false;
    std::vector<std::thread> workers_;
};

Verification run_pool(int workers, int tasks, bool asks_again, bool shares_result) {
    return verify([=] {
        std::array<int, 2> results{};
        {
            Pool pool(workers, asks_again);
            for (int i = 0; i < tasks; ++i) {
                pool.submit(
                    [&result = results[shares_result ? 0 : static_cast<std::size_t>(i)], i,
                     text = std::string(40, 'a')] { result = i + static_cast<int>(text.size()); });
            }
        }
        rc11::check(results[0] == 40, "the first task is done");
    });
}

}  // namespace

TEST_CASE("programs: a pool of threads") {
    check_right(run_pool(1, 1, true, false), 8);
    check_right(run_pool(2, 2, true, false), 3544);
    check_violated(run_pool(2, 2, true, true), "");
    check_violated(run_pool(2, 1, false, false), "");
}

// ---- made when it is first wanted ---------------------------------------------------------------

TEST_CASE("programs: double-checked locking") {
    struct Config {
        int value = 42;
    };
    struct Holder {
        std::atomic<Config*> config{nullptr};
        std::mutex mutex;
        ~Holder() { delete config.load(relaxed); }
    };
    const auto get_twice = [](std::memory_order publish, bool checks_again) {
        return verify([=] {
            Holder holder;
            const auto get = [&]() -> Config& {
                Config* config = holder.config.load(acquire);
                if (config == nullptr) {
                    const std::lock_guard lock(holder.mutex);
                    config = checks_again ? holder.config.load(relaxed) : nullptr;
                    if (config == nullptr) {
                        config = new Config;
                        holder.config.store(config, publish);
                    }
                }
                return *config;
            };
            std::thread other([&] { rc11::check(get().value == 42, "it is made"); });
            rc11::check(get().value == 42, "it is made");
            other.join();
        });
    };
    check_right(get_twice(release, true), 4);
    check_violated(get_twice(relaxed, true), "data race");
    check_violated(get_twice(release, false), "memory leak");
}

// ---- a pointer that readers follow --------------------------------------------------------------

TEST_CASE("programs: a pointer is swapped while readers use what it points to") {
    struct Version {
        int left = 0;
        int right = 0;
    };
    struct Shared {
        std::atomic<Version*> current{nullptr};
        std::atomic<int> readers{0};
    };
    const auto swap = [](bool waits, std::memory_order leave) {
        return verify([=] {
            Shared shared;
            shared.current.store(new Version{1, 1}, relaxed);
            std::thread reader([&] {
                shared.readers.fetch_add(1, seq_cst);
                const Version* const seen = shared.current.load(seq_cst);
                rc11::check(seen->left == seen->right, "a version is whole");
                shared.readers.fetch_sub(1, leave);
            });
            const Version* const old = shared.current.exchange(new Version{2, 2}, seq_cst);
            while (waits && shared.readers.load(seq_cst) != 0) std::this_thread::yield();
            delete old;
            reader.join();
            delete shared.current.load(relaxed);
        });
    };
    check_right(swap(true, release), 5);
    check_violated(swap(true, relaxed), "");
    check_violated(swap(false, release), "");
}

TEST_CASE("programs: a hazard pointer") {
    struct Shared {
        std::atomic<int*> current{nullptr};
        std::atomic<int*> hazard{nullptr};
    };
    const auto protect = [](std::memory_order announce, bool looks_again) {
        return verify([=] {
            Shared shared;
            shared.current.store(new int(1), relaxed);
            std::thread reader([&] {
                int* seen = shared.current.load(acquire);
                while (true) {
                    shared.hazard.store(seen, announce);
                    int* const again = shared.current.load(announce == seq_cst ? seq_cst : acquire);
                    if (again == seen || !looks_again) break;
                    seen = again;
                }
                rc11::check(*seen > 0, "it is there");
                shared.hazard.store(nullptr, release);
            });
            int* const old = shared.current.exchange(new int(2), seq_cst);
            while (shared.hazard.load(seq_cst) == old) std::this_thread::yield();
            delete old;
            reader.join();
            delete shared.current.load(relaxed);
        });
    };
    check_right(protect(seq_cst, true), 10);
    check_violated(protect(release, true), "");
    check_violated(protect(seq_cst, false), "");
}

// ---- locks by hand ------------------------------------------------------------------------------

TEST_CASE("programs: a sequence lock") {
    struct Shared {
        std::atomic<unsigned int> sequence{0};
        std::atomic<int> left{0};
        std::atomic<int> right{0};
    };
    const auto read = [](bool has_fences, bool looks_again) {
        return verify([=] {
            Shared shared;
            std::thread writer([&] {
                shared.sequence.store(1, relaxed);
                if (has_fences) std::atomic_thread_fence(release);
                shared.left.store(1, relaxed);
                shared.right.store(1, relaxed);
                shared.sequence.store(2, release);
            });
            const unsigned int before = shared.sequence.load(acquire);
            const int left = shared.left.load(relaxed);
            const int right = shared.right.load(relaxed);
            if (has_fences) std::atomic_thread_fence(acquire);
            const unsigned int after = looks_again ? shared.sequence.load(relaxed) : before;
            if (before == after && before % 2 == 0) rc11::check(left == right, "both are alike");
            writer.join();
        });
    };
    // What is read first, of the sequence: nothing yet, with 9 ways to go on, the beginning of the
    // write, with 8, or its end, with one.
    check_right(read(true, true), 18);
    check_violated(read(false, true), "both are alike");
    check_violated(read(true, false), "both are alike");
}

TEST_CASE("programs: a ticket lock") {
    struct Lock {
        std::atomic<unsigned int> next{0};
        std::atomic<unsigned int> served{0};
        int count = 0;
    };
    const auto count = [](int threads, std::memory_order wait, bool takes) {
        return verify([=] {
            Lock lock;
            const auto add = [&] {
                const unsigned int ticket =
                    takes ? lock.next.fetch_add(1, relaxed) : lock.next.load(relaxed);
                if (!takes) lock.next.store(ticket + 1, relaxed);
                while (lock.served.load(wait) != ticket) std::this_thread::yield();
                ++lock.count;
                lock.served.store(ticket + 1, release);
            };
            std::vector<std::thread> others;
            for (int i = 1; i < threads; ++i) others.emplace_back(add);
            add();
            for (std::thread& other : others) other.join();
            rc11::check(lock.count == threads, "all are counted");
        });
    };
    // The orders in which they come; and who waits has looked once in vain at each of the numbers
    // that come before its own, or not.
    check_right(count(2, acquire, true), 2 * 2);
    check_right(count(3, acquire, true), 6 * 2 * 4);
    check_violated(count(2, relaxed, true), "data race");
    check_violated(count(2, acquire, false), "");
}

TEST_CASE("programs: Peterson's lock") {
    struct Lock {
        std::array<std::atomic<bool>, 2> wants{};
        std::atomic<std::size_t> turn{0};
        int count = 0;
    };
    const auto count = [](std::memory_order store, std::memory_order load) {
        return verify([=] {
            Lock lock;
            const auto add = [&](std::size_t self) {
                lock.wants[self].store(true, store);
                lock.turn.store(1 - self, store);
                while (lock.wants[1 - self].load(load) && lock.turn.load(load) == 1 - self) {
                    std::this_thread::yield();
                }
                ++lock.count;
                lock.wants[self].store(false, release);
            };
            std::thread other(add, 1);
            add(0);
            other.join();
            rc11::check(lock.count == 2, "both are counted");
        });
    };
    check_right(count(seq_cst, seq_cst), 12);
    check_violated(count(release, acquire), "data race");
}

// ---- stacks and queues --------------------------------------------------------------------------

TEST_CASE("programs: a stack that pops what another thread has popped and pushed again") {
    struct Node {
        std::atomic<Node*> next{nullptr};
    };
    struct Shared {
        std::atomic<Node*> top{nullptr};
        std::array<Node, 2> nodes;
    };
    const auto pop_two = [](bool pushes_again) {
        return verify([=] {
            Shared shared;
            shared.nodes[0].next.store(&shared.nodes[1], relaxed);
            shared.top.store(&shared.nodes[0], relaxed);
            const auto pop = [&]() -> Node* {
                Node* node = shared.top.load(acquire);
                while (node != nullptr) {
                    Node* const next = node->next.load(relaxed);
                    if (shared.top.compare_exchange_strong(node, next, acq_rel, acquire)) break;
                }
                return node;
            };
            const auto push = [&](Node* node) {
                Node* top = shared.top.load(relaxed);
                do {
                    node->next.store(top, relaxed);
                } while (!shared.top.compare_exchange_strong(top, node, release, relaxed));
            };
            Node* taken = nullptr;
            std::thread other([&] { taken = pop(); });
            Node* const first = pop();
            Node* const second = pop();
            if (pushes_again && first != nullptr) push(first);
            other.join();
            if (pushes_again) {
                const Node* const top = shared.top.load(relaxed);
                rc11::check(top == nullptr || top != second, "what is taken is not in the stack");
            }
            rc11::check(taken == nullptr || taken != second, "each is taken once");
        });
    };
    check_right(pop_two(false), 10);
    check_violated(pop_two(true), "");
}

namespace {

/// Chase and Lev, Dynamic circular work-stealing deque, SPAA 2005, with the memory orders of Le and
/// others, Correct and efficient work-stealing for weak memory models, PPoPP 2013.
class Deque {
 public:
    explicit Deque(bool has_fences) : has_fences_(has_fences) {}

    void push(int item) {
        const long bottom = bottom_.load(relaxed);
        items_[slot(bottom)].store(item, relaxed);
        std::atomic_thread_fence(release);
        bottom_.store(bottom + 1, relaxed);
    }
    std::optional<int> take() {
        const long bottom = bottom_.load(relaxed) - 1;
        bottom_.store(bottom, relaxed);
        if (has_fences_) std::atomic_thread_fence(seq_cst);
        long top = top_.load(relaxed);
        if (top > bottom) {
            bottom_.store(bottom + 1, relaxed);
            return std::nullopt;
        }
        std::optional<int> item = items_[slot(bottom)].load(relaxed);
        if (top == bottom) {
            if (!top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) item.reset();
            bottom_.store(bottom + 1, relaxed);
        }
        return item;
    }
    std::optional<int> steal() {
        long top = top_.load(acquire);
        if (has_fences_) std::atomic_thread_fence(seq_cst);
        const long bottom = bottom_.load(acquire);
        if (top >= bottom) return std::nullopt;
        const int item = items_[slot(top)].load(relaxed);
        if (!top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed)) return std::nullopt;
        return item;
    }

 private:
    static std::size_t slot(long index) { return static_cast<std::size_t>(index) % 2; }

    bool has_fences_;
    std::atomic<long> top_{0};
    std::atomic<long> bottom_{0};
    std::array<std::atomic<int>, 2> items_{};
};

}  // namespace

TEST_CASE("programs: a deque whose items are stolen") {
    const auto steal = [](bool has_fences) {
        return verify([=] {
            Deque deque(has_fences);
            std::array<std::atomic<int>, 2> taken{};
            const auto note = [&](std::optional<int> item) {
                if (item) taken[static_cast<std::size_t>(*item)].fetch_add(1, relaxed);
            };
            deque.push(0);
            deque.push(1);
            std::thread thief([&] {
                note(deque.steal());
                note(deque.steal());
            });
            note(deque.take());
            note(deque.take());
            thief.join();
            rc11::check(taken[0].load(relaxed) == 1 && taken[1].load(relaxed) == 1,
                        "each is taken once");
        });
    };
    check_right(steal(true), 41);
    check_violated(steal(false), "each is taken once");
}

TEST_CASE("programs: an event count wakes who has announced that it waits") {
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::atomic<int> items{0};
        std::atomic<bool> waits{false};
    };
    const auto wait = [](std::memory_order store, std::memory_order load) {
        return verify([=] {
            Shared shared;
            std::thread producer([&] {
                shared.items.store(1, store);
                if (!shared.waits.load(load)) return;
                {
                    const std::lock_guard lock(shared.mutex);
                }
                shared.changed.notify_one();
            });
            {
                std::unique_lock lock(shared.mutex);
                shared.waits.store(true, store);
                while (shared.items.load(load) == 0) shared.changed.wait(lock);
            }
            producer.join();
        });
    };
    check_right(wait(seq_cst, seq_cst), 3);
    // Each end overlooks what the other one has stored.
    check_violated(wait(release, acquire), "deadlock");
}

namespace {

class ByteRing {
 public:
    explicit ByteRing(std::memory_order publish) : publish_(publish) {}
    bool write(const void* from, std::size_t bytes) {
        const std::size_t tail = tail_.load(relaxed);
        if (bytes_max - (tail - head_.load(acquire)) < bytes) return false;
        copy(tail, bytes, [&](std::size_t at, std::size_t done, std::size_t count) {
            std::memcpy(bytes_.data() + at, static_cast<const char*>(from) + done, count);
        });
        tail_.store(tail + bytes, publish_);
        return true;
    }
    bool read(void* to, std::size_t bytes) {
        const std::size_t head = head_.load(relaxed);
        if (tail_.load(acquire) - head < bytes) return false;
        copy(head, bytes, [&](std::size_t at, std::size_t done, std::size_t count) {
            std::memcpy(static_cast<char*>(to) + done, bytes_.data() + at, count);
        });
        head_.store(head + bytes, release);
        return true;
    }

 private:
    static constexpr std::size_t bytes_max = 8;
    /// In two parts where the end of the ring is in between.
    template <class Copy>
    static void copy(std::size_t index, std::size_t bytes, Copy copy) {
        const std::size_t at = index % bytes_max;
        const std::size_t first = std::min(bytes, bytes_max - at);
        copy(at, std::size_t{0}, first);
        copy(std::size_t{0}, first, bytes - first);
    }

    std::memory_order publish_;
    std::array<char, bytes_max> bytes_{};
    std::atomic<std::size_t> head_{0};
    std::atomic<std::size_t> tail_{0};
};

}  // namespace

TEST_CASE("programs: a ring of bytes") {
    const auto send = [](std::memory_order publish) {
        return verify([=] {
            ByteRing ring(publish);
            std::thread producer([&] {
                for (int i = 1; i <= 3; ++i) {
                    std::array<char, 5> message{};
                    message.fill(static_cast<char>(i));
                    while (!ring.write(message.data(), message.size())) std::this_thread::yield();
                }
            });
            for (int i = 1; i <= 3; ++i) {
                std::array<char, 5> message{};
                while (!ring.read(message.data(), message.size())) std::this_thread::yield();
                for (const char byte : message) rc11::check(byte == i, "messages come whole");
            }
            producer.join();
        });
    };
    check_right(send(release), 162);
    check_violated(send(relaxed), "data race");
}

// ---- whatever C++ has ---------------------------------------------------------------------------

TEST_CASE("programs: virtual functions, exceptions, streams and functions in threads") {
    struct Shape {
        virtual ~Shape() = default;
        virtual int area() const = 0;
    };
    struct Square : Shape {
        explicit Square(int side) : side_(side) {}
        int area() const override {
            if (side_ < 0) throw std::invalid_argument("negative");
            return side_ * side_;
        }
        int side_;
    };
    const auto describe = [](bool shares_stream) {
        return verify([=] {
            std::array<std::string, 2> texts;
            std::ostringstream shared;
            const auto work = [&](std::size_t self, int side) {
                const std::unique_ptr<Shape> shape = std::make_unique<Square>(side);
                const std::function<int()> area = [&shape] { return shape->area(); };
                std::ostringstream stream;
                try {
                    stream << "area " << area();
                } catch (const std::exception& error) {
                    stream << error.what();
                }
                texts[shares_stream ? 0 : self] = stream.str();
            };
            std::thread other(work, 1, -2);
            work(0, 3);
            other.join();
            rc11::check(texts[0] == "area 9" && texts[1] == "area negative", "each has its own");
        });
    };
    check_right(describe(false), 1);
    check_violated(describe(true), "data race");
}

}  // namespace parley::tests
