#include "parley/checker/rc11/division.hpp"

#include <algorithm>
#include <thread>

namespace parley::rc11 {

namespace {

constexpr std::uint32_t level_min = 4;
constexpr std::uint32_t level_max = 32;

/// All of them are passed by.
class CountedUnits final : public Units {
 public:
    bool begin(std::uint64_t unit) override {
        count_ = unit + 1;
        return false;
    }
    void end(std::uint64_t /*unit*/, bool /*is_own*/) override {}
    std::uint64_t count() const { return count_; }

 private:
    std::uint64_t count_ = 0;
};

}  // namespace

unsigned processes_default() {
    return std::max(1U, std::thread::hardware_concurrency());
}

std::uint32_t find_units_level(
    const std::function<bool(Units& units, std::uint32_t level)>& pass_by, std::uint64_t wanted) {
    std::uint32_t level = level_min;
    for (; level < level_max; ++level) {
        CountedUnits units;
        if (!pass_by(units, level) || units.count() >= wanted) break;
    }
    return level;
}

}  // namespace parley::rc11
