#include "parley/checker/rc11/litmus_json.hpp"
#include "parley/checker/rc11/litmus_check.hpp"
#include "parley/checker/report.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

namespace {

/// A test with one thread with these operations, as JSON.
std::string with_operations(const std::string& operations) {
    return R"({"id":"t","vars":{"x":{"init":0,"kind":"atomic"}},"threads":[{"name":"P0",)"
           R"("regs":["r"],"ops":[)" +
           operations + R"(]}],"final":null,"rc20":{"executions":1,"race":false}})";
}

std::string refusal(const std::string& text) {
    try {
        rc11::litmus_tests_from_json(text, "file");
    } catch (const checker::InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("litmus: a line is a test, alone or in an array", "[litmus]") {
    const std::string test = with_operations(R"({"op":"store","loc":"x","val":1,"mo":"rlx"})");
    CHECK(rc11::litmus_tests_from_json(test, "file").size() == 1);
    CHECK(rc11::litmus_tests_from_json("[\n" + test + ",\n" + test + "\n]\n", "file").size() == 2);
    const auto tests = rc11::litmus_tests_from_json(test, "file");
    CHECK(rc11::disagreements(tests[0], rc11::run_litmus(tests[0])).empty());
}

TEST_CASE("litmus: loops, breaks and expressions are run", "[litmus]") {
    const auto tests = rc11::litmus_tests_from_json(
        with_operations(R"({"op":"set","dst":"i","val":0},{"op":"loop","body":[)"
                        R"({"op":"if","cond":["<","i",3],"then":[],"else":[{"op":"break"}]},)"
                        R"({"op":"store","loc":"x","val":["*","i",["+","i",1]],"mo":"rlx"},)"
                        R"({"op":"set","dst":"i","val":["+","i",1]}]},)"
                        R"({"op":"load","dst":"r","loc":"x","mo":"rlx"})"),
        "file");
    const rc11::LitmusResult result = rc11::run_litmus(tests.at(0));
    REQUIRE(result.outcomes.size() == 1);
    CHECK(result.outcomes.begin()->first.at("0:r") == 6);
}

TEST_CASE("litmus: a weak compare_exchange succeeds or does not", "[litmus]") {
    const auto outcomes = [](const std::string& weak) {
        const auto tests = rc11::litmus_tests_from_json(
            with_operations(R"({"op":"cas","dst":"r","loc":"x","exp":"e","des":1,"mo":"rlx",)"
                            R"("mo_fail":"rlx")" +
                            weak + "}"),
            "file");
        const rc11::LitmusResult result = rc11::run_litmus(tests.at(0));
        std::string text;
        for (const auto& [outcome, count] : result.outcomes) {
            text += std::to_string(outcome.at("0:r")) + std::to_string(outcome.at("x")) + "x" +
                    std::to_string(count) + " ";
        }
        return text;
    };
    CHECK(outcomes("") == "11x1 ");
    CHECK(outcomes(R"(,"weak":false)") == "11x1 ");
    CHECK(outcomes(R"(,"weak":true)") == "00x1 11x1 ");
}

TEST_CASE("litmus: an endless loop is refused", "[litmus]") {
    const auto tests =
        rc11::litmus_tests_from_json(with_operations(R"({"op":"loop","body":[]})"), "file");
    CHECK_THROWS_AS(rc11::run_litmus(tests.at(0)), checker::InputError);
}

TEST_CASE("litmus: what cannot be used is refused with its place", "[litmus]") {
    using Catch::Matchers::Contains;
    CHECK_THAT(refusal(""), Contains("file: holds no litmus test"));
    CHECK_THAT(refusal("{"), Contains("file:1: not JSON"));
    CHECK_THAT(refusal("{}"), Contains("file:1") && Contains("no member \"id\""));
    CHECK_THAT(refusal(with_operations(R"({"op":"jump"})")),
               Contains("threads[0].ops[0].op") && Contains("\"jump\", which is not known"));
    CHECK_THAT(refusal(with_operations(R"({"op":"load","dst":"r","loc":"y","mo":"rlx"})")),
               Contains("\"y\", which is not in vars"));
    CHECK_THAT(refusal(with_operations(R"({"op":"load","dst":"r","loc":"x","mo":"rel"})")),
               Contains("is not an order for this"));
    CHECK_THAT(refusal(with_operations(R"({"op":"load","dst":"r","loc":"x"})")),
               Contains("no member \"mo\""));
    CHECK_THAT(refusal(with_operations(R"({"op":"store","loc":"x","val":["%",1,2],"mo":"rlx"})")),
               Contains("\"%\", which is not known"));
    CHECK_THAT(refusal(with_operations(R"({"op":"join","tid":7})")),
               Contains("is not the number of a thread"));
    CHECK_THAT(refusal(with_operations(R"({"op":"break"})")), Contains("is outside a loop"));
}

TEST_CASE("litmus: a wrong expectation is a disagreement", "[litmus]") {
    auto tests = rc11::litmus_tests_from_json(
        with_operations(R"({"op":"store","loc":"x","val":1,"mo":"rlx"})"), "file");
    tests[0].expected.executions = 2;
    tests[0].expected.has_race = true;
    tests[0].expected.outcomes = {{{{"0:r", 1}, {"x", 1}}, 1}};
    const auto lines = rc11::disagreements(tests[0], rc11::run_litmus(tests[0]));
    CHECK(lines.size() == 4);
}

}  // namespace parley::tests
