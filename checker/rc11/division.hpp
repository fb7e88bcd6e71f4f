#pragma once

#include "parley/checker/rc11/units.hpp"

#include <cstdint>
#include <functional>
#include <utility>

namespace parley::rc11 {

/// All but one of the units of a search are passed by.
class OneUnit final : public Units {
 public:
    OneUnit(std::uint64_t unit, std::function<void()> on_begin)
        : unit_(unit), on_begin_(std::move(on_begin)) {}

    bool begin(std::uint64_t unit) override {
        if (unit == unit_) on_begin_();
        return unit == unit_;
    }
    void end(std::uint64_t /*unit*/, bool /*is_own*/) override {}

 private:
    std::uint64_t unit_;
    std::function<void()> on_begin_;
};

/// As many executions are taken in one process before others are worth their start.
inline constexpr std::uint64_t alone_max = 20'000;

/// Whether a unit is one of the shard's, which is counted from 1.
constexpr bool is_in_shard(std::uint64_t unit, std::uint32_t shard, std::uint32_t shards) {
    return unit % shards == shard - 1;
}

/// As many as there are processors.
unsigned processes_default();

/// So many units are enough for none to be most of the search.
inline constexpr std::uint64_t units_wanted = 1'000;

/// How far from the root of a search its units are to be, which depends on nothing but what is
/// searched: each worker, shard and later search has to come to the same. `pass_by` goes through
/// the units at a level, and says whether it has come to their end; there are to be `wanted` of
/// them if there can be.
std::uint32_t find_units_level(
    const std::function<bool(Units& units, std::uint32_t level)>& pass_by,
    std::uint64_t wanted = units_wanted);

}  // namespace parley::rc11
