#include "parley/checker/render/regression.hpp"

#include "parley/checker/json.hpp"
#include "parley/checker/render/chart.hpp"
#include "parley/checker/render/report_text.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace parley::checker::render {

namespace {

std::string commented(const std::string& text) {
    std::istringstream lines{text};
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        result += line.empty() ? "//\n" : fmt::format("//   {}\n", line);
    }
    return result;
}

/// A text between double quotes.
std::string literal(std::string_view text) {
    std::string result = printable(text);
    std::ranges::replace(result, '"', '\'');
    std::ranges::replace(result, '\\', '/');
    return result;
}

/// Compilers take raw strings of 64 KiB; a long one is several behind each other.
std::string raw_strings(const std::string& text) {
    constexpr std::size_t piece_max = 8'000;
    std::string result;
    for (std::size_t at = 0; at < text.size(); at += piece_max) {
        result += fmt::format("R\"trace({})trace\"\n", text.substr(at, piece_max));
    }
    return result;
}

}  // namespace

std::string regression_test(const Trace& trace) {
    const bool is_planted = !trace.mutant.empty();
    const Violation& violation = trace.violation;
    std::string text = fmt::format("// {}: {}.\n//\n", printable(violation.property),
                                   printable(violation.sentence));
    text += commented(chart(trace, {.columns = 75}));
    text += R"(#include <parley/checker/catalog.hpp>
#include <parley/checker/json.hpp>
#include <parley/checker/render/report_text.hpp>
#include <parley/checker/reproduce.hpp>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

namespace {

constexpr const char* trace =
)";
    text += raw_strings(to_json(trace));
    text += fmt::format(R"(;

}}  // namespace

TEST_CASE("{} with {}: {}") {{
    namespace checker = parley::checker;
    const auto again =
        checker::reproduce(checker::catalog(), checker::trace_from_json(trace, "this test"));
    INFO(checker::render::report_text(again.report, "", {{}}));
    CHECK(again.report.verdict {} checker::Verdict::violated);
}}
)",
                        literal(subject(trace.protocol, trace.mutant)), literal(trace.engine),
                        literal(violation.property), is_planted ? "==" : "!=");
    return text;
}

}  // namespace parley::checker::render
