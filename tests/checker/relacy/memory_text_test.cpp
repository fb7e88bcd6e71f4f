#include "parley/checker/memory_text.hpp"

#include "parley/checker/relacy/platform.hpp"
#include "parley/checker/relacy/simulate.hpp"
#include "parley/protocols/model/spsc_queue.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace parley::checker::relacy {
namespace {

/// One number through the second of two production queues of capacity 2.
struct SecondOfTwo {
    explicit SecondOfTwo(QueueNames& names) {
        names.first[0] = variables_made();
        first.emplace(std::size_t{2});
        names.first[1] = variables_made();
        second.emplace(std::size_t{2});
        names.capacity = second->capacity();
    }

    void thread(unsigned index) {
        if (index == 0) {
            second->try_push(7);
        } else {
            while (second->front() == nullptr) RelacyPlatform::pause();
        }
    }

    using Queue = model::SpscQueue<int, model::dynamic_capacity, RelacyPlatform>;
    std::optional<Queue> first;
    std::optional<Queue> second;
};

TEST_CASE("memory text: names what the production queue makes", "[relacy]") {
    MemoryLog log;
    QueueNames names{{"asker", "answerer"}, {}, 0};
    SimulationOptions options;
    options.executions_max = 1;
    options.log = &log;
    REQUIRE_FALSE(simulate(options, [&] { return SecondOfTwo{names}; }).has_failed());
    std::vector<std::string> stored;
    std::vector<std::string> touched;
    for (const MemoryEvent& event : log) {
        if (event.thread != 0) continue;
        const std::string text = variable_text(event.variable, names);
        if (event.operation == MemoryOperation::store) stored.push_back(text);
        if (event.operation == MemoryOperation::plain) touched.push_back(text);
    }
    CHECK(stored == std::vector<std::string>{"to_asker.tail"});
    CHECK(touched == std::vector<std::string>{"to_asker.slot[0]"});
}

TEST_CASE("memory text: a variable of nobody's queue has its number", "[relacy]") {
    const QueueNames names{{"asker", "answerer"}, {0, 4}, 2};
    CHECK(variable_text(0, names) == "to_answerer.slot[0]");
    CHECK(variable_text(2, names) == "to_answerer.tail");
    CHECK(variable_text(3, names) == "to_answerer.head");
    CHECK(variable_text(5, names) == "to_asker.slot[1]");
    CHECK(variable_text(8, names) == "variable 8");
}

}  // namespace
}  // namespace parley::checker::relacy
