#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
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
    return text == nullptr ? 100 : std::atoi(text) / 20;
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
    WARN("merged " << merged << " verified " << verified << " violated " << violated);
}

}  // namespace parley::tests
