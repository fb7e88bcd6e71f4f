#include "parley/checker/cli/check_page.hpp"

#include "parley/checker/cli/input.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/scale_options.hpp"
#include "parley/checker/json.hpp"
#include "parley/checker/nearest.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/page_check.hpp"
#include "parley/checker/render/page_text.hpp"
#include "parley/checker/render/table.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley::cli {

namespace {

using checker::InputError;
using specs::model::Page;

constexpr std::size_t capacity_max = 64;

/// A page has automata and no code: what picks an engine, or steers one, is for protocols.
void require_page_options(const CheckRequest& request) {
    const auto refuse = [](std::string_view option) {
        throw InputError(fmt::format("{} is for protocols: a page is explored completely", option));
    };
    for (const std::string& each : request.protocols) {
        if (!is_page_path(each)) {
            throw InputError(
                fmt::format("pages and protocols are checked by different commands: "
                            "'{}' is not a page",
                            checker::render::printable(each)));
        }
    }
    if (!request.engines.empty()) refuse("--engine");
    if (!request.mutant.empty()) refuse("--mutant");
    if (!request.options.scheduler.empty()) refuse("--scheduler");
    if (request.is_random) refuse("--random");
    if (request.is_pct) refuse("--pct");
    if (request.seconds) refuse("--seconds");
    if (!request.transport.empty()) refuse("--transport");
    if (request.options.fairness != checker::CheckOptions{}.fairness) refuse("--fairness");
    if (request.options.is_safety_only) refuse("--safety-only");
    if (request.has_coverage) refuse("--coverage");
    if (const auto option = used_scale_option(request); !option.empty()) refuse(option);
}

/// The capacity of both queues, from texts "capacity=3".
std::optional<std::size_t> capacity_of(const std::vector<std::string>& settings) {
    constexpr std::array<std::string_view, 1> bounds{"capacity"};
    std::optional<std::size_t> capacity;
    for (const std::string& setting : settings) {
        const std::size_t equals = std::min(setting.find('='), setting.size());
        const std::string name = setting.substr(0, equals);
        if (name != bounds[0]) throw InputError(checker::unknown_name("bound", name, bounds));
        if (capacity) throw InputError("bound capacity is set twice");
        const std::string text = setting.substr(std::min(equals + 1, setting.size()));
        capacity = checker::read_number<std::size_t>(text);
        if (!capacity || *capacity < 1 || *capacity > capacity_max) {
            throw InputError(fmt::format("bound capacity must be from 1 to {}, not '{}'",
                                         capacity_max, checker::render::printable(text)));
        }
    }
    return capacity;
}

std::vector<Page> read_pages(const std::vector<std::string>& paths) {
    std::vector<Page> pages;
    for (const std::string& path : paths) {
        pages.push_back(checker::read_page(path, read_input(path, page_bytes_max)));
    }
    return pages;
}

}  // namespace

bool is_page_path(const std::string& argument) {
    return argument.ends_with(".md");
}

int run_page_check(const CheckRequest& request, const Session& session) {
    require_page_options(request);
    const auto capacity = capacity_of(request.settings);
    const std::vector<Page> pages = read_pages(request.protocols);
    const Documents documents(request.documents, session.program);
    checker::CheckOptions options = request.options;
    options.stop = session.stop;
    checker::render::ChartStyle style;
    style.colour = session.terminal.has_colour;
    style.full = request.is_full;
    std::vector<checker::Report> reports;
    for (const Page& page : pages) {
        if (options.is_stopped()) break;
        checker::PageReport report = checker::check_page(page, options, capacity);
        say((reports.empty() ? "" : "\n") + checker::render::page_text(report, style));
        reports.push_back(std::move(report.report));
    }
    documents.write(reports);
    return checker::exit_code(reports, options.is_stopped());
}

}  // namespace parley::cli
