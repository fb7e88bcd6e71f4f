#include "parley/tests/checker/rc11/programs.hpp"

#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// The classic litmus tests as threads and atomic objects of the C++ library, against the same
/// programs on the engine's own interface.
namespace parley::tests {

namespace {

using Outcomes = std::map<std::string, std::uint64_t>;

constexpr std::size_t locations = 3;
constexpr std::size_t values = 3;

struct Shared {
    std::atomic<long> memory[locations] = {};
    long registers[4][values] = {};
};

void take_step(const Instruction& step, Shared& shared, long* own) {
    const Operation& operation = step.operation;
    const std::memory_order order = rc11::to_std(operation.order);
    std::atomic<long>& object = shared.memory[operation.location];
    const auto value = static_cast<long>(step.value.value);
    switch (operation.kind) {
        case Operation::Kind::load:
            own[*step.destination] = object.load(order);
            break;
        case Operation::Kind::store:
            object.store(value, order);
            break;
        case Operation::Kind::fence:
            std::atomic_thread_fence(order);
            break;
        default:
            own[*step.destination] = object.fetch_add(value, order);
    }
}

/// A digit for each register, thread by thread, and for the last value of each location.
std::string text_of(std::size_t threads, const auto& read_register, const auto& read_location) {
    std::string text;
    for (std::size_t i = 0; i < threads * values; ++i) {
        text += std::to_string(read_register(i / values, i % values));
    }
    for (std::size_t i = 0; i < locations; ++i) text += std::to_string(read_location(i));
    return text;
}

rc11::Verification compiled(const std::vector<Code>& threads) {
    return rc11::verify([&threads] {
        const auto owner = std::make_unique<Shared>();
        std::vector<std::thread> running;
        for (std::size_t i = 0; i < threads.size(); ++i) {
            running.emplace_back([&code = threads[i], &shared = *owner, i] {
                for (const Instruction& step : code) take_step(step, shared, shared.registers[i]);
            });
        }
        for (std::thread& thread : running) thread.join();
        rc11::outcome(text_of(
            threads.size(),
            [&](std::size_t thread, std::size_t index) { return owner->registers[thread][index]; },
            [&](std::size_t index) {
                return owner->memory[index].load(std::memory_order_relaxed);
            }));
    });
}

rc11::LitmusResult interpreted(const std::vector<Code>& threads, Outcomes& outcomes) {
    rc11::LitmusResult result = rc11::run_litmus(program(threads, locations));
    for (const auto& [outcome, count] : result.outcomes) {
        outcomes[text_of(
            threads.size(),
            [&](std::size_t thread, std::size_t index) {
                return outcome.at(std::to_string(thread) + ":r" + std::to_string(index));
            },
            [&](std::size_t index) { return outcome.at(std::string(1, "xyz"[index])); })] += count;
    }
    return result;
}

/// Whatever writes does so with order `w`, whatever reads with `r`, whatever does both with `u`.
std::map<std::string, std::vector<Code>> shapes(Order w, Order r, Order u) {
    const auto read = [&](std::size_t destination, LocationId location) {
        return load(destination, location, r);
    };
    const auto write = [&](LocationId location, std::int64_t value) {
        return store(location, value, w);
    };
    const Instruction full = fence(u);
    return {
        {"SB", {{write(x, 1), read(0, y)}, {write(y, 1), read(0, x)}}},
        {"SB+fences", {{write(x, 1), full, read(0, y)}, {write(y, 1), full, read(0, x)}}},
        {"MP", {{write(x, 1), write(y, 1)}, {read(0, y), read(1, x)}}},
        {"MP+fences", {{write(x, 1), full, write(y, 1)}, {read(0, y), full, read(1, x)}}},
        {"MP+update", {{write(x, 1), write(y, 1)}, {add(2, y, u)}, {read(0, y), read(1, x)}}},
        {"LB", {{read(0, x), write(y, 1)}, {read(0, y), write(x, 1)}}},
        {"S", {{write(x, 2), write(y, 1)}, {read(0, y), write(x, 1)}}},
        {"R", {{write(x, 1), write(y, 1)}, {write(y, 2), read(0, x)}}},
        {"2+2W", {{write(x, 1), write(y, 2)}, {write(y, 1), write(x, 2)}}},
        {"WRC", {{write(x, 1)}, {read(0, x), write(y, 1)}, {read(0, y), read(1, x)}}},
        {"RWC", {{write(x, 1)}, {read(0, x), read(1, y)}, {write(y, 1), read(0, x)}}},
        {"ISA2", {{write(x, 1), write(y, 1)}, {read(0, y), write(z, 1)}, {read(0, z), read(1, x)}}},
        {"3.SB", {{write(x, 1), read(0, y)}, {write(y, 1), read(0, z)}, {write(z, 1), read(0, x)}}},
        {"IRIW",
         {{write(x, 1)}, {write(y, 1)}, {read(0, x), read(1, y)}, {read(0, y), read(1, x)}}},
        {"CoRR", {{write(x, 1)}, {read(0, x), read(1, x)}}},
        {"CoWW", {{write(x, 1), write(x, 2)}, {read(0, x), read(1, x)}}},
        {"CoRW", {{read(0, x), write(x, 1)}, {write(x, 2), read(0, x)}}},
        {"CoWR", {{write(x, 1), read(0, x)}, {write(x, 2), read(0, x)}}},
        {"CoRR2",
         {{write(x, 1)}, {write(x, 2)}, {read(0, x), read(1, x)}, {read(0, x), read(1, x)}}},
        {"updates", {{add(0, x, u), add(1, y, u)}, {add(0, y, u), add(1, x, u)}}},
    };
}

}  // namespace

TEST_CASE("shapes: compiled code has the executions and outcomes of the engine's own programs") {
    const struct {
        Order write;
        Order read;
        Order update;
    } orders[] = {
        {relaxed, relaxed, relaxed}, {release, acquire, acq_rel}, {release, relaxed, acquire},
        {relaxed, acquire, release}, {relaxed, relaxed, seq_cst}, {seq_cst, acquire, acq_rel},
        {release, seq_cst, seq_cst}, {seq_cst, seq_cst, seq_cst},
    };
    for (const auto& [write, read, update] : orders) {
        for (const auto& [name, threads] : shapes(write, read, update)) {
            CAPTURE(name, static_cast<int>(write), static_cast<int>(read));
            Outcomes outcomes;
            const rc11::LitmusResult expected = interpreted(threads, outcomes);
            const rc11::Verification found = compiled(threads);
            INFO(found.reason);
            CHECK(found.result == rc11::Result::verified);
            CHECK(found.executions == expected.explored.complete);
            CHECK(found.outcomes == outcomes);
        }
    }
}

}  // namespace parley::tests
