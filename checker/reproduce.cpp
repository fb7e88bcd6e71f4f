#include "parley/checker/reproduce.hpp"

#include "parley/checker/bound_check.hpp"
#include "parley/checker/nearest.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace parley::checker {

namespace {

/// There is no entry with this name.
template <class Entries, class NameOf>
[[noreturn]] void refuse(std::string_view kind, std::string_view name, const Entries& entries,
                         const NameOf& name_of) {
    std::vector<std::string_view> names;
    for (const auto& entry : entries) {
        // An original has none.
        if (!name_of(entry).empty()) names.push_back(name_of(entry));
    }
    throw InputError(unknown_name(kind, name, names));
}

/// The entry with this name; throws InputError with the nearest one.
template <class Entries, class NameOf>
const auto& find_entry(std::string_view kind, std::string_view name, const Entries& entries,
                       const NameOf& name_of) {
    const auto found = std::ranges::find(entries, name, name_of);
    if (found == entries.end()) refuse(kind, name, entries, name_of);
    return *found;
}

const VariantEntry& find_variant(const ProtocolEntry& protocol, std::string_view engine,
                                 std::string_view mutant) {
    const EngineEntry& entry = find_entry("engine", engine, protocol.engines,
                                          [](const EngineEntry& each) { return each.engine; });
    return find_entry("mutant", mutant, entry.variants,
                      [](const VariantEntry& each) { return each.mutant.name; });
}

CheckOptions options_of(const ProtocolEntry& protocol, const Trace& recorded) {
    CheckOptions options;
    for (const auto& [name, value] : recorded.bounds) {
        const BoundEntry* const bound = find_bound(protocol, name);
        if (bound == nullptr) {
            refuse("bound", name, protocol.bounds,
                   [](const BoundEntry& each) { return std::string_view{each.name}; });
        }
        check_bound(*bound, value);
        options.bounds[name] = value;
    }
    options.seed = recorded.seed;
    return options;
}

bool has_explore(const ProtocolEntry& protocol) {
    return std::ranges::find(protocol.engines, "explore", &EngineEntry::engine) !=
           protocol.engines.end();
}

/// A failing run of explore with the messages of `recorded`.
std::optional<Report> by_messages(const ProtocolEntry& protocol, const Trace& recorded,
                                  CheckOptions options) {
    if (!has_explore(protocol)) return std::nullopt;
    const Runner& runner = find_variant(protocol, "explore", recorded.mutant).runner;
    options.scheduler = "";
    const std::optional<Choices> choices = runner.lift(options, recorded);
    if (!choices) return std::nullopt;
    return runner.replay(options, *choices);
}

}  // namespace

Reproduction reproduce(const std::vector<ProtocolEntry>& catalog, const Trace& recorded,
                       const std::atomic<bool>* stop) {
    const ProtocolEntry& protocol = find_entry("protocol", recorded.protocol, catalog,
                                               [](const ProtocolEntry& each) { return each.name; });
    const Runner& runner = find_variant(protocol, recorded.engine, recorded.mutant).runner;
    CheckOptions options = options_of(protocol, recorded);
    options.stop = stop;
    Reproduction result;
    if (runner.replay) {
        options.scheduler = recorded.scheduler;
        result.report = runner.replay(options, recorded.choices);
        if (result.report.verdict == Verdict::violated) return result;
    }
    if (auto report = by_messages(protocol, recorded, options)) {
        result.diverged = std::move(result.report.trace);
        result.report = std::move(*report);
        result.is_by_messages = true;
    }
    return result;
}

}  // namespace parley::checker
