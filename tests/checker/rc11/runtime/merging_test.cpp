#include "parley/protocols/model/spsc_queue.hpp"
#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <cfenv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

/// A search by states finds in compiled code what one finds that runs each execution: random
/// programs, in which each atomic object has one writer.
namespace parley::tests {

namespace {
namespace merging {

constexpr int atomics = 3;
constexpr int cells = 2;
constexpr int values = 4;

struct Act {
    enum class What : std::uint8_t {
        load,
        add,    ///< what is loaded, to what the thread has
        store,  ///< what the thread has
        set,    ///< what the thread has
        choose,
        read,  ///< plain memory
        write,
        make,     ///< memory of its own, with what the thread has
        take,     ///< what is there, and frees it
        publish,  ///< its own memory, if it has some
        consume,  ///< what is published, if there is some
        yield,
        wait,        ///< until the object is not what the thread has
        call,        ///< a function with something on the stack
        skip_unless  ///< the thread has this: it does not do the next acts
    };
    What what = What::load;
    int object = 0;
    int value = 0;
    std::memory_order order = relaxed;
};

std::string text_of(const Act& act) {
    static constexpr std::array names{"load",    "add",   "store", "set",  "choose",
                                      "read",    "write", "make",  "take", "publish",
                                      "consume", "yield", "wait",  "call", "skip unless"};
    return fmt::format("{} {} {}{}", names[static_cast<std::size_t>(act.what)], act.object,
                       act.value, act.order == relaxed ? "" : " ordered");
}

struct Plan {
    std::vector<std::vector<Act>> threads;  ///< the first one is the one that starts the others
    int place = 0;                          ///< of what they share: heap, stack, static
    int wrong = 0;                          ///< what they may not add up to at the end

    std::string text() const {
        std::string all = fmt::format("place {} wrong {}\n", place, wrong);
        for (const auto& thread : threads) {
            for (const Act& act : thread) all += "  " + text_of(act) + "\n";
            all += "\n";
        }
        return all;
    }
};

struct Shared {
    std::array<std::atomic<int>, atomics> objects{};
    std::array<std::atomic<int*>, atomics> published{};
    std::array<int, cells> plain{};
};
Shared shared_static;

[[gnu::noinline]] int half_of(int value) {
    int local = value;
    int* volatile pointer = &local;
    *pointer /= 2;
    return local;
}

/// What a thread of a plan has at its end.
int run(const std::vector<Act>& acts, Shared& shared) {
    int own = 0;
    std::unique_ptr<int> memory;
    for (std::size_t i = 0; i < acts.size(); ++i) {
        const Act& act = acts[i];
        const auto object = static_cast<std::size_t>(act.object);
        const auto load = [&] { return shared.objects[object].load(act.order); };
        switch (act.what) {
            case Act::What::load:
                own = load();
                break;
            case Act::What::add:
                own = (own + load()) % values;
                break;
            case Act::What::store:
                shared.objects[object].store(own, act.order);
                break;
            case Act::What::set:
                own = act.value;
                break;
            case Act::What::choose:
                own = static_cast<int>(rc11::choose(2));
                break;
            case Act::What::read:
                own = (own + shared.plain[object % cells]) % values;
                break;
            case Act::What::write:
                shared.plain[object % cells] = own;
                break;
            case Act::What::make:
                memory = std::make_unique<int>(own);
                break;
            case Act::What::take:
                if (memory != nullptr) own = *memory;
                memory.reset();
                break;
            case Act::What::publish:
                shared.published[object].store(memory.release(), act.order);
                break;
            case Act::What::consume:
                if (const int* const other = shared.published[object].load(act.order)) {
                    own = (own + *other) % values;
                }
                break;
            case Act::What::yield:
                std::this_thread::yield();
                break;
            case Act::What::wait:
                while (load() == own) std::this_thread::yield();
                break;
            case Act::What::call:
                own = half_of(own);
                break;
            case Act::What::skip_unless:
                if (own != act.value) i += 2;
                break;
        }
    }
    return own;
}

void run(const Plan& plan, Shared& shared) {
    std::vector<int> ends(plan.threads.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < plan.threads.size(); ++i) {
        threads.emplace_back([&, i] { ends[i] = run(plan.threads[i], shared); });
    }
    ends[0] = run(plan.threads[0], shared);
    for (std::thread& thread : threads) thread.join();
    int all = 0;
    for (const int end : ends) all = values * all + end;
    for (auto& published : shared.published) delete published.load(relaxed);
    rc11::check(all != plan.wrong, "they do not come to that");
}

void run(const Plan& plan) {
    if (plan.place == 0) return run(plan, *std::make_unique<Shared>());
    if (plan.place == 1) return run(plan, shared_static);
    Shared shared;
    run(plan, shared);
}

/// Object number i is written by thread i.
class Plans {
 public:
    explicit Plans(std::uint64_t seed) : random_(seed) {}

    Plan next() {
        Plan plan;
        const int threads = 2 + below(2);
        for (int thread = 0; thread < threads; ++thread) {
            auto& acts = plan.threads.emplace_back();
            const int count = (threads == 2 ? 3 : 2) + below(threads == 2 ? 6 : 4);
            for (int i = 0; i < count; ++i) acts.push_back(act(thread, threads));
        }
        plan.place = below(3);
        plan.wrong = below(threads == 2 ? values * values : values * values * values);
        return plan;
    }

 private:
    int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

    Act act(int thread, int threads) {
        using What = Act::What;
        static constexpr std::array often{What::load,  What::load,  What::add,   What::add,
                                          What::store, What::store, What::store, What::set};
        static constexpr std::array seldom{
            What::choose,      What::read,    What::write,      What::make, What::take,
            What::publish,     What::consume, What::yield,      What::wait, What::call,
            What::skip_unless, What::read,    What::skip_unless};
        Act act;
        act.what = below(3) > 0 ? often[static_cast<std::size_t>(below(std::size(often)))]
                                : seldom[static_cast<std::size_t>(below(std::size(seldom)))];
        const bool writes = act.what == What::store || act.what == What::publish;
        act.object = writes ? thread : below(threads);
        act.value = below(values);
        const bool is_ordered = below(2) == 0;
        if (is_ordered) act.order = writes ? release : acquire;
        return act;
    }

    std::mt19937_64 random_;
};

/// How many programs there are; PARLEY_RANDOM_PROGRAMS is for twenty times as many.
int programs() {
    const char* const text = std::getenv("PARLEY_RANDOM_PROGRAMS");
    return text == nullptr ? 300 : std::atoi(text) / 20;
}

// ---- a program for each part of a state
// ----------------------------------------------------------
//
// Thread 0 does one thing or another and comes to a place where states are compared. What it has
// done differs in one part only, of which something else follows.

struct Story {
    std::atomic<int> elsewhere{0};
    std::atomic<int> w{0};
    std::atomic<int> x{0};
    std::atomic<int> y{0};
    std::atomic<int> z{0};
    int data = 0;
    int* memory = nullptr;
    pthread_t more{};
    pthread_key_t key{};
};

int outside = 0;

[[gnu::noinline]] void load_elsewhere(Story& story) {
    static_cast<void>(story.elsewhere.load(relaxed));
}

/// Of its own, so that nothing is left in registers.
template <class Does>
[[gnu::noinline]] void let(Story& story) {
    Does{}(story);
}

/// `then`: thread 0, afterwards; `follow`: thread 1; `help`: a third one. They are types, so that
/// what a thread reads to find one of them is no part of its state.
template <class One, class Other, class Then, class Follow, class Help = std::nullptr_t>
Verification tell(One /*one*/, Other /*other*/, Then /*then*/, Follow /*follow*/,
                  Help /*help*/ = nullptr) {
    return verify([] {
        const auto owner = std::make_unique<Story>();
        Story& story = *owner;
        std::thread helper;
        if constexpr (!std::is_same_v<Help, std::nullptr_t>) {
            helper = std::thread([&story] { Help{}(story); });
        }
        std::thread follower([&story] {
            Follow{}(story);
            story.elsewhere.store(1, relaxed);
        });
        rc11::choose(2) == 0 ? let<One>(story) : let<Other>(story);
        load_elsewhere(story);
        Then{}(story);
        follower.join();
        if (helper.joinable()) helper.join();
    });
}

constexpr auto nothing = [](Story& /*story*/) {};
constexpr auto publish_by_z = [](Story& s) {
    s.data = 1;
    s.z.store(1, release);
};

[[gnu::noinline]] int choose_number() {
    return rc11::choose(2) == 0 ? 1 : 2;
}
[[gnu::noinline]] void choose_number(volatile int* number) {
    *number = choose_number();
}

/// A thread that nobody has to join.
void start(Story& story, void* (*code)(void*)) {
    pthread_create(&story.more, nullptr, code, &story);
}
/// Whatever a call has left below the stack is what this one has left, then.
constexpr auto settle = [](Story& s) { load_elsewhere(s); };

volatile std::byte& byte_of(Story& story, int number) {
    return reinterpret_cast<volatile std::byte*>(&story.data)[number];
}

constexpr auto write_before_x = [](Story& s) {
    s.data = 1;
    s.x.store(1, release);
};
constexpr auto write_after_x = [](Story& s) {
    s.x.store(1, release);
    s.data = 1;
};

/// The first time 2 is said, another object is looked at.
[[gnu::noinline]] int look(Story& story) {
    const int which = story.data;
    if (which != 0) story.data = 0;
    return which == 2 ? story.z.load(relaxed) : story.y.load(relaxed);
}
template <int which>
constexpr auto say = [](Story& s) {
    static_cast<void>(s.z.load(relaxed));
    static_cast<void>(s.y.load(relaxed));
    s.data = which;
};
[[gnu::noinline]] void count_down(Story& story) {
    if (story.data > 0) --story.data;
}
constexpr auto write_y = [](Story& s) { s.y.store(1, relaxed); };

/// Functions that share something on their stack, one after the other.
struct Sharing {
    std::atomic<int> elsewhere{0};
    std::atomic<int> is_done{0};
    std::atomic<int*> shared{nullptr};
    volatile int times = 0;  ///< that the function says where it is
    volatile int times_later = 0;
    volatile int rounds = 0;
};

/// Nothing but what the other thread does to it is known of the object.
[[gnu::noinline]] void share(Sharing& sharing) {
    int local;
    while (sharing.times > 0) {
        sharing.shared.store(&local, release);
        sharing.times = sharing.times - 1;
    }
    sharing.times = sharing.times_later;
    sharing.times_later = 0;
    sharing.rounds = sharing.rounds + 1;
    if (sharing.rounds == 1) return;
    static_cast<void>(sharing.elsewhere.load(relaxed));
    static_cast<void>(sharing.elsewhere.load(relaxed));
    rc11::assume(sharing.is_done.load(acquire) == 1);
}

/// Of two times, so many are in the first function.
template <int first>
[[gnu::noinline]] void set_times(Sharing& sharing) {
    sharing.times = first;
    sharing.times_later = 2 - first;
}
template <int one, int other>
Verification tell_of_stacks() {
    return verify([] {
        const auto owner = std::make_unique<Sharing>();
        Sharing& sharing = *owner;
        std::thread follower([&sharing] {
            if (int* const shared = sharing.shared.load(acquire)) *shared = 1;
            sharing.is_done.store(1, release);
            sharing.elsewhere.store(1, relaxed);
        });
        rc11::choose(2) == 0 ? set_times<one>(sharing) : set_times<other>(sharing);
        while (sharing.rounds < 2) share(sharing);
        follower.join();
    });
}

}  // namespace merging
}  // namespace

TEST_CASE("merging: random programs are found to be what they are") {
    using namespace merging;
    Plans plans(1);
    int merged = 0;
    int verified = 0;
    int violated = 0;
    for (int i = 0; i < programs(); ++i) {
        const Plan plan = plans.next();
        INFO("number " << i << "\n" << plan.text());
        VerifyOptions options;
        options.workers = 1;
        options.executions_max = 20'000;
        options.merges_after = UINT64_MAX;
        const Verification each = rc11::verify([&] { run(plan); }, options);
        if (each.result == Result::incomplete) continue;
        options.merges_after = 0;
        const Verification states = rc11::verify([&] { run(plan); }, options);
        INFO(rc11::text_of(each) << rc11::text_of(states));
        REQUIRE(states.result == each.result);
        verified += each.result == Result::verified;
        violated += each.result == Result::violated;
        merged += states.states > 0;
        if (each.result == Result::verified) REQUIRE(states.executions == each.executions);
    }
    // They are not all of one kind.
    CHECK(merged > programs() / 3);
    CHECK(verified > programs() / 3);
    CHECK(violated > programs() / 5);
}

TEST_CASE("merging: states have the values that can be read") {
    using namespace merging;
    check_violated(
        tell([](Story& s) { s.x.store(1, relaxed); }, [](Story& s) { s.x.store(2, relaxed); },
             nothing, [](Story& s) { rc11::check(s.x.load(relaxed) != 2, "it is not two"); }),
        "it is not two");
}

TEST_CASE("merging: states have the order of what threads write") {
    using namespace merging;
    const auto follow = [](Story& s) {
        if (s.x.load(acquire) == 1) rc11::check(s.y.load(relaxed) == 1, "y comes first");
    };
    const auto y_first = [](Story& s) {
        s.y.store(1, relaxed);
        s.x.store(1, release);
    };
    const auto x_first = [](Story& s) {
        s.x.store(1, release);
        s.y.store(1, relaxed);
    };
    check_violated(tell(y_first, x_first, nothing, follow), "y comes first");
    check_verified(tell(y_first, y_first, nothing, follow), 8);
}

TEST_CASE("merging: states have what comes before a release, and whether it is one") {
    using namespace merging;
    const auto follow = [](Story& s) {
        if (s.x.load(acquire) == 1) rc11::check(s.data == 1, "it is there");
    };
    const auto publish = [](Story& s) {
        s.data = 1;
        s.x.store(1, release);
    };
    check_violated(tell(
                       publish,
                       [](Story& s) {
                           s.x.store(1, release);
                           s.data = 1;
                       },
                       nothing, follow),
                   "data race");
    check_violated(tell(
                       publish,
                       [](Story& s) {
                           s.data = 1;
                           s.x.store(1, relaxed);
                       },
                       nothing, follow),
                   "data race");
}

TEST_CASE("merging: states have what comes after what a thread knows") {
    using namespace merging;
    const auto with_y = []<class Does>(Does) {
        return [](Story& s) {
            Does{}(s);
            s.y.store(1, relaxed);
        };
    };
    check_violated(tell(with_y(write_before_x), with_y(write_after_x), nothing,
                        [](Story& s) {
                            if (s.x.load(acquire) != 1) return;
                            static_cast<void>(s.y.load(relaxed));
                            rc11::check(s.data == 1, "it is there");
                        }),
                   "data race");
}

TEST_CASE("merging: states have what one thread knows and another one does not") {
    using namespace merging;
    const auto with_z = []<class Does>(Does) {
        return [](Story& s) {
            Does{}(s);
            s.z.store(1, release);
            s.y.store(1, relaxed);
        };
    };
    check_violated(tell(
                       with_z(write_before_x), with_z(write_after_x), nothing,
                       [](Story& s) {
                           rc11::assume(s.z.load(acquire) == 1);
                           static_cast<void>(s.y.load(relaxed));
                       },
                       [](Story& s) {
                           if (s.elsewhere.load(relaxed) != 1 || s.x.load(acquire) != 1) return;
                           rc11::check(s.data == 1, "it is there");
                       }),
                   "data race");
}

TEST_CASE(
    "merging: states have which release comes first, of those that can still be read or not") {
    using namespace merging;
    check_violated(tell(
                       [](Story& s) {
                           s.y.store(1, release);
                           s.data = 1;
                           s.x.store(1, release);
                           s.y.store(2, relaxed);
                           s.x.store(2, relaxed);
                       },
                       [](Story& s) {
                           s.x.store(1, release);
                           s.data = 1;
                           s.y.store(1, release);
                           s.y.store(2, relaxed);
                           s.x.store(2, relaxed);
                       },
                       nothing,
                       [](Story& s) {
                           if (s.y.load(relaxed) != 2 || s.x.load(acquire) != 1) return;
                           rc11::check(s.data == 1, "it is there");
                       }),
                   "data race");
}

TEST_CASE("merging: states have what comes before another thread is started") {
    using namespace merging;
    const auto start_reader = [](Story& s) {
        start(s, [](void* story) -> void* {
            auto& of_reader = *static_cast<Story*>(story);
            static_cast<void>(of_reader.y.load(relaxed));
            rc11::check(of_reader.data == 1, "it is there");
            return nullptr;
        });
    };
    const auto join = [](Story& s) { pthread_join(s.more, nullptr); };
    const auto follow = [](Story& s) { static_cast<void>(s.y.load(relaxed)); };
    using Start = decltype(start_reader);
    check_violated(tell(
                       [](Story& s) {
                           s.data = 1;
                           Start{}(s);
                       },
                       [](Story& s) {
                           Start{}(s);
                           s.data = 1;
                       },
                       join, follow),
                   "data race");
}

TEST_CASE("merging: states have whose end is known") {
    using namespace merging;
    const auto start_writer = [](Story& s) {
        start(s, [](void* story) -> void* {
            static_cast<Story*>(story)->z.store(1, release);
            static_cast<Story*>(story)->data = 1;
            return nullptr;
        });
        rc11::assume(s.z.load(acquire) == 1);
        // As it is to be joined.
        [[maybe_unused]] const pthread_t more = const_cast<const volatile pthread_t&>(s.more);
    };
    using Start = decltype(start_writer);
    check_violated(tell(
                       [](Story& s) {
                           Start{}(s);
                           pthread_join(s.more, nullptr);
                       },
                       [](Story& s) { Start{}(s); },
                       [](Story& s) {
                           load_elsewhere(s);
                           s.data = 2;
                       },
                       [](Story& s) { static_cast<void>(s.y.load(relaxed)); }),
                   "data race");
}

TEST_CASE("merging: states have what a thread has returned") {
    using namespace merging;
    const auto start_chooser = [](Story& s) {
        start(s, [](void* story) -> void* { return rc11::choose(2) == 0 ? nullptr : story; });
    };
    check_violated(tell(
                       start_chooser, start_chooser,
                       [](Story& s) {
                           void* result = nullptr;
                           pthread_join(s.more, &result);
                           rc11::check(result == nullptr, "it is nothing");
                       },
                       nothing),
                   "it is nothing");
}

TEST_CASE("merging: states have what only some threads may still read") {
    using namespace merging;
    check_violated(tell(
                       nothing, nothing,
                       [](Story& s) { rc11::check(s.x.load(relaxed) != 2, "it is not two"); },
                       [](Story& s) {
                           s.x.store(choose_number(), relaxed);
                           s.x.store(3, relaxed);
                       }),
                   "it is not two");
}

TEST_CASE(
    "merging: states have whether who goes on no more waits, and has seen the newest there is") {
    using namespace merging;
    const auto follow = [](Story& s) {
        s.x.store(1, relaxed);
        s.y.store(1, relaxed);
    };
    const auto help = [](Story& s) {
        if (s.y.load(relaxed) == 1) static_cast<void>(s.x.load(relaxed));
    };
    check_violated(tell([](Story&) { rc11::assume(false); },
                        [](Story&) {
                            while (true) std::this_thread::yield();
                        },
                        nothing, follow, help),
                   "deadlock");
    check_violated(tell(
                       [](Story& s) {
                           while (s.y.load(relaxed) == 0) std::this_thread::yield();
                       },
                       [](Story& s) {
                           while (s.y.load(relaxed) == 1) std::this_thread::yield();
                       },
                       nothing, follow, help),
                   "deadlock");
}

TEST_CASE("merging: states have what tells a loop that waits from another one") {
    // Otherwise there are more or fewer executions than there are one by one.
    using namespace merging;
    const auto count = [](auto one, auto other, auto then) {
        const Verification found = tell(one, other, then, write_y);
        CHECK(found.result == Result::verified);
        return found.executions;
    };
    // What it has read before the last hint, and since.
    CHECK(count(say<1>, say<2>, [](Story& s) {
              do std::this_thread::yield();
              while (look(s) == 0);
          }) == 12);
    CHECK(count(say<1>, say<2>, [](Story& s) {
              do std::this_thread::yield();
              while (look(s) == 0 && s.y.load(relaxed) == 0);
          }) == 22);
    // Whether it has written.
    CHECK(count(say<1>, say<2>, [](Story& s) {
              do {
                  std::this_thread::yield();
                  count_down(s);
                  static_cast<void>(s.z.load(relaxed));
              } while (s.y.load(relaxed) == 0);
          }) == 14);
    // What it looked like at the last hint.
    CHECK(count(nothing, nothing, [](Story& s) {
              volatile int left = 0;
              choose_number(&left);
              do {
                  std::this_thread::yield();
                  if (left > 0) left = left - 1;
              } while (s.y.load(relaxed) == 0);
          }) == 20);
    // How much it has read without a hint.
    CHECK(count(
              [](Story& s) {
                  s.data = 1;
                  static_cast<void>(s.z.load(relaxed));
              },
              [](Story& s) {
                  static_cast<void>(s.z.load(relaxed));
                  s.data = 1;
              },
              [](Story& s) {
                  load_elsewhere(s);
                  while (s.y.load(relaxed) == 0) {
                  }
              }) == 39);
}

TEST_CASE("merging: states have which functions have returned, and when") {
    using namespace merging;
    check_violated(tell_of_stacks<0, 1>(), "after its function has returned");
    check_violated(tell_of_stacks<1, 0>(), "after its function has returned");
}

TEST_CASE("merging: states have what few threads have") {
    using namespace merging;
    // What its clock says.
    check_violated(tell([](Story&) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); },
                        [](Story&) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); },
                        [](Story& s) {
                            // Nothing of the time is left on its stack.
                            std::this_thread::yield();
                            load_elsewhere(s);
                            static_cast<void>(s.x.load(relaxed));
                            const auto now = std::chrono::steady_clock::now().time_since_epoch();
                            rc11::check(
                                now % std::chrono::seconds(1) < std::chrono::milliseconds(3),
                                "it is early");
                        },
                        [](Story& s) { s.x.store(1, relaxed); }),
                   "it is early");
    // What it has of its own.
    const auto own = [](auto value) {
        return [](Story& s) {
            pthread_key_create(&s.key, nullptr);
            pthread_setspecific(s.key, decltype(value){}(s));
        };
    };
    check_violated(tell(
                       own([](Story& s) { return &s.x; }), own([](Story& s) { return &s.y; }),
                       [](Story& s) {
                           load_elsewhere(s);
                           rc11::check(pthread_getspecific(s.key) != &s.y, "it is y");
                       },
                       nothing),
                   "it is y");
}

TEST_CASE("merging: states have what a release tells of third threads") {
    using namespace merging;
    const auto follow = [](Story& s) {
        if (s.x.load(acquire) == 2) rc11::check(s.data == 1, "it is there");
    };
    check_violated(tell(
                       [](Story& s) {
                           const int seen = s.z.load(acquire);
                           s.x.store(seen + 1, release);
                           static_cast<void>(s.z.load(acquire));
                       },
                       [](Story& s) {
                           const int seen = s.z.load(relaxed);
                           s.x.store(seen + 1, release);
                           static_cast<void>(s.z.load(acquire));
                       },
                       nothing, follow, publish_by_z),
                   "data race");
}

TEST_CASE("merging: states have what a thread knows of another one") {
    using namespace merging;
    check_violated(tell([](Story& s) { s.x.store(s.z.load(acquire), relaxed); },
                        [](Story& s) { s.x.store(s.z.load(relaxed), relaxed); },
                        [](Story& s) {
                            if (s.x.load(relaxed) == 1) rc11::check(s.data == 1, "it is there");
                        },
                        nothing, publish_by_z),
                   "data race");
}

TEST_CASE("merging: states have what threads may read no more") {
    using namespace merging;
    const auto help = [](Story& s) {
        s.w.store(1, relaxed);
        s.z.store(1, relaxed);
    };
    // The follower goes on later, and may read what others may read no more.
    check_violated(tell([](Story& s) { s.x.store(s.z.load(relaxed), relaxed); },
                        [](Story& s) {
                            static_cast<void>(s.z.load(relaxed));
                            s.x.store(1, relaxed);
                        },
                        [](Story& s) {
                            static_cast<void>(s.w.load(relaxed));
                            rc11::assume(s.x.load(relaxed) == 1);
                            const int seen = s.z.load(relaxed);
                            s.y.store(1, relaxed);
                            rc11::assume(s.elsewhere.load(relaxed) == 1);
                            rc11::check(seen == 1, "it has been seen");
                        },
                        [](Story& s) { rc11::assume(s.y.load(relaxed) == 1); }, help),
                   "it has been seen");
}

TEST_CASE("merging: states have what has been done to memory, and to which bytes of it") {
    using namespace merging;
    const auto read = [](Story& s) {
        static_cast<void>(s.y.load(relaxed));
        rc11::check(byte_of(s, 0) == std::byte{0}, "it is nothing");
    };
    check_violated(tell([](Story& s) { [[maybe_unused]] const std::byte seen = byte_of(s, 0); },
                        [](Story& s) { byte_of(s, 0) = std::byte{0}; }, settle, read),
                   "data race");
    check_violated(tell([](Story& s) { byte_of(s, 1) = std::byte{0}; },
                        [](Story& s) { byte_of(s, 0) = std::byte{0}; }, settle, read),
                   "data race");
}

TEST_CASE("merging: states have what is known to whom has ended") {
    using namespace merging;
    const auto start_reader = [](Story& s) {
        start(s, [](void* story) -> void* {
            auto& of_reader = *static_cast<Story*>(story);
            const int seen =
                rc11::choose(2) == 0 ? of_reader.z.load(acquire) : of_reader.z.load(relaxed);
            rc11::assume(seen == 1);
            of_reader.x.store(1, relaxed);
            return nullptr;
        });
        rc11::assume(s.x.load(relaxed) == 1);
    };
    check_violated(tell(
                       start_reader, start_reader,
                       [](Story& s) {
                           pthread_join(s.more, nullptr);
                           rc11::check(s.data == 1, "it is there");
                       },
                       [](Story& s) { static_cast<void>(s.y.load(relaxed)); }, publish_by_z),
                   "data race");
}

TEST_CASE("merging: states have how plain and atomic accesses to an object meet") {
    using namespace merging;
    const auto follow = [](Story& s) {
        const int value = 1;
        if (s.z.load(relaxed) != 1 || s.x.load(acquire) != 1) return;
        std::memcpy(static_cast<void*>(&s.y), &value, sizeof value);
    };
    check_violated(tell(
                       [](Story& s) {
                           static_cast<void>(s.y.load(relaxed));
                           s.x.store(1, release);
                           s.z.store(1, relaxed);
                       },
                       [](Story& s) {
                           s.x.store(1, release);
                           static_cast<void>(s.y.load(relaxed));
                           s.z.store(1, relaxed);
                       },
                       nothing, follow),
                   "data race");
}

TEST_CASE("merging: states have what is in memory: heap, stack, registers, outside") {
    using namespace merging;
    check_violated(tell([](Story& s) { s.data = 1; }, [](Story& s) { s.data = 2; },
                        [](Story& s) { rc11::check(s.data != 2, "it is not two"); }, nothing),
                   "it is not two");
    check_violated(tell([](Story&) { outside = 1; }, [](Story&) { outside = 2; },
                        [](Story&) { rc11::check(outside != 2, "it is not two"); }, nothing),
                   "it is not two");
    const auto keep = [](auto use) {
        return verify([use] {
            const auto owner = std::make_unique<Story>();
            std::thread writer([&story = *owner] { story.elsewhere.store(1, relaxed); });
            use(*owner);
            writer.join();
        });
    };
    check_violated(keep([](Story& s) {
                       volatile int number = 0;
                       choose_number(&number);
                       load_elsewhere(s);
                       rc11::check(number != 2, "it is not two");
                   }),
                   "it is not two");
    check_violated(keep([](Story& s) {
                       const int number = choose_number();
                       static_cast<void>(s.elsewhere.load(relaxed));
                       rc11::check(number != 2, "it is not two");
                   }),
                   "it is not two");
    check_violated(keep([](Story& s) {
                       try {
                           throw choose_number();
                       } catch (const int& number) {
                           load_elsewhere(s);
                           rc11::check(number != 2, "it is not two");
                       }
                   }),
                   "it is not two");
}

TEST_CASE("merging: states have what a library writes, unseen, to where somebody looks") {
    using namespace merging;
    check_violated(tell([](Story&) { std::sscanf("1", "%d", &outside); },
                        [](Story&) { std::sscanf("2", "%d", &outside); },
                        [](Story&) { rc11::check(outside != 2, "it is not two"); }, nothing),
                   "it is not two");
    static const std::tm* broken_down;
    broken_down = nullptr;
    check_violated(
        tell(
            [](Story&) {
                const std::time_t time = 1;
                broken_down = std::gmtime(&time);
            },
            [](Story&) {
                const std::time_t time = 2;
                broken_down = std::gmtime(&time);
            },
            [](Story&) { rc11::check(broken_down->tm_sec != 2, "it is not two"); }, nothing),
        "it is not two");
    check_violated(tell([](Story&) { errno = 0; },
                        [](Story&) {
                            errno = 0;
                            static_cast<void>(std::strtol("99999999999999999999", nullptr, 10));
                        },
                        [](Story&) { rc11::check(errno != ERANGE, "it is in range"); }, nothing),
                   "it is in range");
}

TEST_CASE("merging: states have how threads round, and what they have raised") {
    using namespace merging;
    check_violated(
        tell([](Story&) { std::fesetround(FE_TONEAREST); },
             [](Story&) { std::fesetround(FE_UPWARD); },
             [](Story&) { rc11::check(std::fegetround() != FE_UPWARD, "not upward"); }, nothing),
        "not upward");
    check_violated(
        tell(
            nothing, [](Story&) { std::feraiseexcept(FE_DIVBYZERO); },
            [](Story&) { rc11::check(std::fetestexcept(FE_DIVBYZERO) == 0, "nothing is raised"); },
            nothing),
        "nothing is raised");
}

TEST_CASE("merging: where a library remembers something, no two executions are the same") {
    using namespace merging;
    const Verification found = tell([](Story&) { setenv("PARLEY_STORY", "1", 1); },
                                    [](Story&) { setenv("PARLEY_STORY", "2", 1); },
                                    [](Story&) {
                                        const std::string_view value = std::getenv("PARLEY_STORY");
                                        rc11::check(value != "2", "it is not two");
                                    },
                                    nothing);
    check_violated(found, "it is not two");
    CHECK(found.states == 0);
    unsetenv("PARLEY_STORY");
}

TEST_CASE("merging: states have what is to be freed") {
    using namespace merging;
    check_violated(tell(
                       [](Story& s) {
                           s.memory = new int(1);
                           delete s.memory;
                       },
                       [](Story& s) { s.memory = new int(1); }, nothing, nothing),
                   "memory leak");
    check_violated(tell(
                       [](Story&) {
                           void* volatile memory = std::malloc(0);
                           std::free(memory);
                       },
                       [](Story&) {
                           void* volatile memory = std::malloc(0);
                           static_cast<void>(memory);
                       },
                       settle, nothing),
                   "memory leak");
    check_violated(tell([](Story& s) { s.memory = static_cast<int*>(std::malloc(sizeof(int))); },
                        [](Story& s) { s.memory = static_cast<int*>(::operator new(sizeof(int))); },
                        [](Story& s) {
                            load_elsewhere(s);
                            std::free(s.memory);
                        },
                        nothing),
                   "mismatched free");
}

TEST_CASE("merging: who is joined tells what it knows, and who waits in a ring waits for ever") {
    // Nobody reads what the two have written any more but they themselves.
    const Verification found = rc11::verify(
        [] {
            struct Counters {
                std::atomic<int> own{0};
                std::atomic<int> others{0};
            };
            const auto owner = std::make_unique<Counters>();
            const auto count = [](std::atomic<int>& own, const std::atomic<int>& others) {
                for (int i = 0; i < 4; ++i) own.store(others.load(relaxed) > 1 ? 2 : 1, relaxed);
            };
            std::thread one([&c = *owner, count] { count(c.own, c.others); });
            std::thread other([&c = *owner, count] { count(c.others, c.own); });
            one.join();
            other.join();
        },
        {.merges_after = 0});
    CHECK(found.result == Result::verified);
    CHECK(found.states > 0);
    CHECK(found.states < found.executions);
}

TEST_CASE("merging: the production queue is verified with many items") {
    using Queue = model::SpscQueue<int, 2>;
    const auto send = [](int items) {
        return [items] {
            const auto queue = std::make_unique<Queue>();
            std::thread producer([&queue = *queue, items] {
                for (int i = 0; i < items; ++i) rc11::assume(queue.try_push(i));
            });
            for (int i = 0; i < items; ++i) {
                int item = -1;
                rc11::assume(queue->try_pop(item));
                rc11::check(item == i, "items come in order");
            }
            producer.join();
        };
    };
    check_verified(verify(send(12)), 13'860);
    const Verification many = rc11::verify(send(50));
    check_verified(many, 4'866'752'642'924'153'522);
    CHECK(many.blocked == 9'733'505'285'848'307'042U);
    // 848, unless something is left over on a stack.
    CHECK(many.states > 0);
    CHECK(many.states < 2'000);
    // More than can be counted.
    const Verification most = rc11::verify(send(100));
    check_verified(most, UINT64_MAX);
    CHECK_THAT(text_of(most), Catch::Matchers::Contains("at least 18446744073709551615 complete"));
}

TEST_CASE("merging: what is in no state is looked at each time") {
    // Otherwise there would be one outcome of these only.
    const auto note = [] {
        std::atomic<int> x{0};
        std::thread writer([&x] { x.store(1, relaxed); });
        rc11::outcome(rc11::choose(2) == 0 ? "one" : "other");
        static_cast<void>(x.load(relaxed));
        writer.join();
    };
    const Verification found = rc11::verify(note, {.merges_after = 0});
    check_verified(found, 4);
    CHECK(found.states == 0);
    CHECK(found.outcomes == std::map<std::string, std::uint64_t>{{"one", 2}, {"other", 2}});
}

TEST_CASE("merging: programs that do more than write alone are run one by one") {
    const auto check_each = [](auto code, std::uint64_t executions) {
        const Verification found = rc11::verify(code, {.merges_after = 0});
        check_verified(found, executions);
        CHECK(found.states == 0);
    };
    const auto with = [](auto one, auto other) {
        return [=] {
            std::atomic<int> x{0};
            std::thread thread([&x, one] { one(x); });
            other(x);
            thread.join();
        };
    };
    const auto write = [](std::atomic<int>& x) { x.store(1, relaxed); };
    const auto read = [](std::atomic<int>& x) { static_cast<void>(x.load(relaxed)); };
    check_each(with(write, write), 2);
    check_each(with(write, [](std::atomic<int>& x) { x.fetch_add(1, relaxed); }), 2);
    check_each(with(write, [](std::atomic<int>& x) { static_cast<void>(x.load(seq_cst)); }), 2);
    check_each(with([](std::atomic<int>& x) { x.store(1, seq_cst); }, read), 2);
    check_each(with(
                   [write](std::atomic<int>& x) {
                       std::atomic_thread_fence(release);
                       write(x);
                   },
                   read),
               2);
}

TEST_CASE("merging: counts and verdict are what they are with several processes") {
    const auto hand_over = [] {
        const auto owner = std::make_unique<merging::Story>();
        std::thread writer([&s = *owner] {
            for (int i = 1; i <= 4; ++i) s.x.store(i, release);
        });
        for (int i = 1; i <= 4; ++i) static_cast<void>(owner->x.load(acquire));
        writer.join();
    };
    const Verification alone = rc11::verify(hand_over, {.merges_after = 0, .workers = 1});
    const Verification shared = rc11::verify(hand_over, {.merges_after = 0, .workers = 2});
    CHECK(alone.states > 0);
    check_verified(shared, alone.executions);
    CHECK(shared.blocked == alone.blocked);
    CHECK(shared.states > 0);
}

}  // namespace parley::tests
