#include "parley/checker/harness_request.hpp"

#include <fmt/format.h>

namespace parley::checker {

std::map<std::string, int> bounds_of(const std::vector<std::string>& settings) {
    std::map<std::string, int> bounds;
    for (const std::string& setting : settings) {
        const auto equals = setting.find('=');
        bounds[setting.substr(0, equals)] = std::stoi(setting.substr(equals + 1));
    }
    return bounds;
}

const Runner& find_runner(const std::vector<ProtocolEntry>& protocols, std::string_view protocol,
                          std::string_view mutant) {
    for (const ProtocolEntry& each : protocols) {
        if (each.name != protocol) continue;
        for (const VariantEntry& variant : each.engines.front().variants) {
            if (variant.mutant.name == mutant) return variant.runner;
        }
    }
    throw InputError(fmt::format("there is no {} {}", protocol, mutant));
}

}  // namespace parley::checker
