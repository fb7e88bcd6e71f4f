#include "parley/checker/render/page_text.hpp"

#include "parley/tests/checker/pages.hpp"
#include "parley/tests/golden.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace parley::tests {

namespace {

std::string text_of(checker::PageReport report) {
    report.report.seconds = 0;
    return checker::render::page_text(report, {});
}

}  // namespace

TEST_CASE("page text: a page that is verified") {
    check_golden(
        "page_verified.txt",
        text_of(checked(
            page_of(around("a --> b : !Arm; b --> a : ?Fired; b --> c : !Cancel; c --> a : ?Fired"),
                    around("a --> b : ?Arm; b --> a : !Fired; a --> a : ?Cancel, ignored;"
                           "b --> b : ?Cancel, ignored")))));
}

TEST_CASE("page text: a page with several things wrong") {
    check_golden("page_violated.txt",
                 text_of(checked(page_of(
                     around("a --> b : !Arm; b --> a : ?Fired; b --> c : !Cancel; c --> d : !Stop"),
                     around("a --> b : ?Arm; b --> a : !Fired; b --> c : ?Cancel; e --> a : !Odd,"
                            "optional")))));
}

TEST_CASE("page text: no line is longer than a terminal") {
    const std::string text = text_of(checked(
        page_of(around("a --> b : !" + std::string(64, 'x')), around("a --> a : ?Nothing"))));
    std::size_t longest = 0;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t to = std::min(text.find('\n', from), text.size());
        longest = std::max(longest, to - from);
        from = to + 1;
    }
    CHECK(longest <= 80);
}

}  // namespace parley::tests
