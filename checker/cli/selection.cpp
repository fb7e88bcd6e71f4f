#include "parley/checker/cli/selection.hpp"

#include "parley/checker/bound_check.hpp"
#include "parley/checker/nearest.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/transport.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley::cli {

namespace {

using checker::BoundEntry;
using checker::InputError;
using checker::ProtocolEntry;
using checker::VariantEntry;
using Names = std::vector<std::string_view>;

template <class T>
void add_once(std::vector<T>& list, const T& value) {
    if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

Names engine_names(const Catalog& catalog) {
    Names names;
    for (const ProtocolEntry& protocol : catalog) {
        for (const auto& entry : protocol.engines) add_once(names, entry.engine);
    }
    // Their bounds are others than those of the rest, which stay together in a table.
    for (const std::string_view last : {"rc11", "native"}) {
        const auto found = std::ranges::find(names, last);
        if (found != names.end()) std::rotate(found, found + 1, names.end());
    }
    return names;
}

Names mutant_names(const Protocols& protocols) {
    Names names;
    for (const ProtocolEntry* protocol : protocols) {
        for (const auto& entry : protocol->engines) {
            for (const VariantEntry& variant : entry.variants) {
                if (!variant.mutant.name.empty()) add_once(names, variant.mutant.name);
            }
        }
    }
    return names;
}

[[noreturn]] void refuse_bound(const Protocols& protocols, std::string_view name) {
    Names names;
    for (const ProtocolEntry* protocol : protocols) {
        for (const BoundEntry& bound : protocol->bounds)
            add_once(names, std::string_view(bound.name));
    }
    throw InputError(checker::unknown_name("bound", name, names));
}

}  // namespace

const ProtocolEntry& find_protocol(const Catalog& catalog, std::string_view name) {
    const auto found = std::ranges::find(catalog, name, &ProtocolEntry::name);
    if (found != catalog.end()) return *found;
    Names names;
    for (const ProtocolEntry& protocol : catalog) names.push_back(protocol.name);
    throw InputError(checker::unknown_name("protocol", name, names));
}

Protocols select_protocols(const Catalog& catalog, const std::vector<std::string>& names) {
    Protocols protocols;
    for (const std::string& name : names) add_once(protocols, &find_protocol(catalog, name));
    if (!names.empty()) return protocols;
    for (const ProtocolEntry& protocol : catalog) protocols.push_back(&protocol);
    return protocols;
}

Engines select_engines(const Catalog& catalog, const std::vector<std::string>& names) {
    const Names known = engine_names(catalog);
    if (names.empty()) return known;
    Names engines;
    for (const std::string& name : names) {
        const auto found = std::ranges::find(known, name);
        if (found == known.end()) throw InputError(checker::unknown_name("engine", name, known));
        add_once(engines, *found);
        const auto sanitized = std::ranges::find(known, std::string_view("tsan"));
        if (name == "stress" && sanitized != known.end()) add_once(engines, *sanitized);
    }
    return engines;
}

std::vector<Job> select_jobs(const Protocols& protocols, const Engines& engines,
                             std::string_view mutant) {
    const Names mutants = mutant_names(protocols);
    if (!mutant.empty() && std::ranges::find(mutants, mutant) == mutants.end()) {
        throw InputError(checker::unknown_name("mutant", mutant, mutants));
    }
    std::vector<Job> jobs;
    for (const ProtocolEntry* protocol : protocols) {
        for (const std::string_view engine : engines) {
            for (const auto& entry : protocol->engines) {
                if (entry.engine != engine) continue;
                for (const VariantEntry& variant : entry.variants) {
                    if (variant.mutant.name == mutant) jobs.push_back({protocol, engine, &variant});
                }
            }
        }
    }
    if (jobs.empty()) {
        throw InputError(fmt::format("{} is not built for engine {}",
                                     mutant.empty() ? protocols.front()->name : mutant,
                                     fmt::join(engines, ", ")));
    }
    return jobs;
}

std::vector<Job> with_tolerated_transports(const std::vector<Job>& jobs) {
    constexpr int faults = 2;
    std::vector<Job> all;
    for (const Job& job : jobs) {
        all.push_back(job);
        const bool has_promise = job.engine == "explore" && job.variant->mutant.name.empty() &&
                                 job.protocol->page != nullptr;
        if (!has_promise) continue;
        for (const std::string& name : job.protocol->page().transports) {
            if (name == "fifo") continue;
            all.push_back(job);
            all.back().transport = {{name, name == "reordering" ? 1 : faults}};
        }
    }
    return all;
}

std::pair<std::string, int> select_transport(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view kind = text.substr(0, colon);
    Names known{"fifo"};
    known.insert(known.end(), checker::transport_names.begin(), checker::transport_names.end());
    if (std::ranges::find(known, kind) == known.end()) {
        throw InputError(checker::unknown_name("transport", kind, known));
    }
    const bool has_faults = kind == "lossy" || kind == "duplicating";
    if (!has_faults) {
        if (colon != text.size()) {
            throw InputError(fmt::format("transport {} takes no number of faults", kind));
        }
        return {kind == "fifo" ? "" : std::string{kind}, 1};
    }
    const auto faults = checker::read_number<int>(text.substr(std::min(colon + 1, text.size())));
    if (!faults || *faults < 1 || *faults > checker::transport_faults_max) {
        throw InputError(
            fmt::format("transport {0} needs its number of faults, 1 to {1}, as in {0}:1", kind,
                        checker::transport_faults_max));
    }
    return {std::string{kind}, *faults};
}

std::map<std::string, int> select_bounds(const Protocols& protocols,
                                         const std::vector<std::string>& settings) {
    std::map<std::string, int> values;
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos) {
            throw InputError(fmt::format("--set needs BOUND=VALUE, as in rounds=3, not '{}'",
                                         checker::render::printable(setting)));
        }
        const std::string name = setting.substr(0, equals);
        const std::string text = setting.substr(equals + 1);
        const auto value = checker::read_number<int>(text);
        bool is_known = false;
        for (const ProtocolEntry* protocol : protocols) {
            const BoundEntry* bound = checker::find_bound(*protocol, name);
            if (bound == nullptr) continue;
            is_known = true;
            if (!value) {
                throw InputError(
                    fmt::format("bound {} must be a whole number from {} to {}, not '{}'", name,
                                bound->min, bound->max, checker::render::printable(text)));
            }
            checker::check_bound(*bound, *value);
        }
        if (!is_known) refuse_bound(protocols, name);
        if (!values.emplace(name, *value).second) {
            throw InputError(fmt::format("bound {} is set twice", name));
        }
    }
    return values;
}

}  // namespace parley::cli
