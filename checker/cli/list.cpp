#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/cli/selection.hpp"
#include "parley/checker/render/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string_view>

namespace parley::cli {

namespace {

using checker::ProtocolEntry;

std::string labelled(std::string_view label, const std::string& text) {
    std::string result;
    for (const std::string& line : checker::render::wrap(text, 68)) {
        result += fmt::format("  {:<10}{}\n", result.empty() ? label : "", line);
    }
    return result;
}

std::string bounds_text(const ProtocolEntry& protocol) {
    std::string text;
    for (const checker::BoundEntry& bound : protocol.bounds) {
        text += fmt::format("{}{}={} ({} to {})", text.empty() ? "" : ", ", bound.name, bound.value,
                            bound.min, bound.max);
    }
    return text;
}

/// Name and bug of each mutant.
std::string mutants_text(const ProtocolEntry& protocol) {
    std::string text;
    if (protocol.engines.empty()) return text;
    for (const checker::VariantEntry& variant : protocol.engines.front().variants) {
        if (variant.mutant.name.empty()) continue;
        text += fmt::format("    {}\n        {}\n", variant.mutant.name, variant.mutant.plants);
    }
    return text.empty() ? "" : "  mutants\n" + text;
}

std::string protocol_text(const ProtocolEntry& protocol, bool has_mutants, bool has_colour) {
    std::vector<std::string_view> engines;
    engines.reserve(protocol.engines.size());
    for (const auto& entry : protocol.engines) engines.push_back(entry.engine);
    return checker::render::paint(protocol.name, checker::render::Colour::bold, has_colour) + "\n" +
           labelled("", std::string(protocol.summary)) +
           labelled("roles", fmt::format("{} (left), {} (right)", protocol.left, protocol.right)) +
           labelled("bounds", bounds_text(protocol)) +
           labelled("engines", fmt::format("{}", fmt::join(engines, ", "))) +
           (has_mutants ? mutants_text(protocol) : "");
}

}  // namespace

void add_list(Parser app, const Session& session, Action& action) {
    const Parser command = app.add_subcommand("list", "protocols with their bounds and mutants");
    const auto names = std::make_shared<std::vector<std::string>>();
    command.add_option("PROTOCOL", *names, "show these with their mutants");
    command.footer(
        "Examples:\n"
        "  parley list           all protocols\n"
        "  parley list send      one, with its mutants");
    command.callback([&action, &session, names] {
        action = [&session, names] {
            std::string text;
            for (const ProtocolEntry* protocol : select_protocols(session.catalog, *names)) {
                text += protocol_text(*protocol, !names->empty(), session.terminal.has_colour);
            }
            say(text);
            return 0;
        };
    });
}

}  // namespace parley::cli
