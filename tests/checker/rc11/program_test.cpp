#include "parley/checker/rc11/explorer.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

namespace parley::tests {

namespace {

using rc11::Operation;

/// Stores another value, or nothing, when it is run again.
class Changing final : public rc11::Program {
 public:
    explicit Changing(bool stores_again) : stores_again_(stores_again) {}

    void prepare(rc11::Graph& graph) override { graph.set_initial_value(0, 0); }
    void run(rc11::Execution& execution) override {
        ++runs_;
        execution.perform(0, {.kind = Operation::Kind::begin});
        execution.perform(0, {.kind = Operation::Kind::choose, .value = 2});
        if (runs_ > 1 && !stores_again_) return;
        execution.perform(0, {.kind = Operation::Kind::store, .value = runs_});
        execution.perform(0, {.kind = Operation::Kind::choose, .value = 2});
        execution.perform(0, {.kind = Operation::Kind::end});
    }

 private:
    bool stores_again_;
    rc11::Value runs_ = 0;
};

}  // namespace

TEST_CASE("rc11: a program that changes when it is run again is refused") {
    Changing another(true);
    CHECK_THROWS_WITH(rc11::explore(another), Catch::Matchers::Contains("does something else"));
    Changing less(false);
    CHECK_THROWS_WITH(rc11::explore(less), Catch::Matchers::Contains("ends earlier"));
}

}  // namespace parley::tests
