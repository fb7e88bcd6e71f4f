#pragma once

#include "parley/checker/rc11/workers.hpp"

#include <cstdint>
#include <map>

namespace parley::rc11 {

/// What was found out in the units that have been looked at to their end, by number.
using KeptUnits = std::map<std::uint64_t, UnitBytes>;

/// Writes or reads them; see snapshot.hpp.
template <class Archive>
void transfer_all(KeptUnits& units, Archive& archive) {
    std::uint64_t count = units.size();
    archive(count);
    if constexpr (Archive::is_reading) {
        for (std::uint64_t i = 0; i < count; ++i) {
            std::uint64_t unit = 0;
            archive(unit);
            archive(units[unit]);
        }
    } else {
        for (const auto& [unit, bytes] : units) {
            archive(unit);
            archive(bytes);
        }
    }
}

}  // namespace parley::rc11
