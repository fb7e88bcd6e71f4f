#include "parley/checker/skeleton.hpp"

#include "parley/checker/page_check.hpp"
#include "parley/checker/page_error.hpp"
#include "parley/checker/skeleton_names.hpp"
#include "parley/checker/skeleton_roles.hpp"
#include "parley/checker/skeleton_scripts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Page;

/// An engine has a bit for each message of a party.
constexpr std::size_t messages_max = 32;
constexpr std::size_t written_capacity_max = 16;

void require_size(const Page& page) {
    for (const Party party : {Party::left, Party::right}) {
        const std::size_t count = messages_sent(page, party).size();
        if (count <= messages_max) continue;
        refuse_page(page.file, page.automaton(party).line,
                    fmt::format("expected at most {} messages that {} sends, found {}",
                                messages_max, page.automaton(party).name, count));
    }
}

/// The skeleton of a page in which something is wrong would be wrong as well.
void require_clean(const Page& page, std::size_t capacity) {
    const PageReport report = check_page(page, {}, capacity);
    if (report.report.verdict == Verdict::verified) return;
    refuse_page(page.file, 1,
                fmt::format("expected a page that is verified with queues of {}, and it is {}: "
                            "parley check {} --set capacity={} says why",
                            capacity, name_of(report.report.verdict), page.file, capacity));
}

}  // namespace

std::size_t skeleton_capacity(const Page& page) {
    const std::size_t largest = std::max(page.capacities[0], page.capacities[1]);
    return std::min(std::bit_ceil(largest), written_capacity_max);
}

Skeleton write_skeleton(const Page& page, std::string_view name, std::string_view folder) {
    const SkeletonNames names = skeleton_names(page, name);
    const std::size_t capacity = skeleton_capacity(page);
    require_size(page);
    require_clean(page, capacity);
    return {write_roles(page, names), write_scripts(page, names, capacity, folder)};
}

}  // namespace parley::checker
