#include "parley/checker/bound_check.hpp"

#include "parley/checker/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

namespace parley::checker {

namespace {

/// The bounds that every protocol has beside its own: those of a transport.
const std::vector<BoundEntry>& transport_bounds() {
    static const std::vector<BoundEntry> bounds = [] {
        std::vector<BoundEntry> entries;
        for (const std::string_view name : transport_names) {
            entries.push_back({std::string{name}, 0, 0, transport_faults_max});
        }
        return entries;
    }();
    return bounds;
}

}  // namespace

const BoundEntry* find_bound(const ProtocolEntry& protocol, std::string_view name) {
    const auto transport = std::ranges::find(transport_bounds(), name, &BoundEntry::name);
    if (transport != transport_bounds().end()) return &*transport;
    const auto found = std::ranges::find(protocol.bounds, name, &BoundEntry::name);
    return found == protocol.bounds.end() ? nullptr : &*found;
}

void check_bound(const BoundEntry& bound, int value) {
    if (value < bound.min || value > bound.max) {
        throw InputError(fmt::format("bound {} must be from {} to {}, not {}", bound.name,
                                     bound.min, bound.max, value));
    }
    if (bound.name == "capacity" && !std::has_single_bit(static_cast<unsigned>(value))) {
        throw InputError(fmt::format("bound capacity must be a power of two, not {}", value));
    }
}

}  // namespace parley::checker
