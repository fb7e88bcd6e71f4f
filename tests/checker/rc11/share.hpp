#pragma once

#include "parley/checker/rc11/units.hpp"

#include <cstdint>
#include <set>

namespace parley::tests {

/// One of several shares of a search that is divided: every `count`th unit, from `number` on.
class Share : public rc11::Units {
 public:
    Share(std::uint64_t number, std::uint64_t count) : number_(number), count_(count) {}
    bool begin(std::uint64_t unit) override {
        ++begun;
        return unit % count_ == number_;
    }
    void end(std::uint64_t unit, bool is_own) override {
        if (is_own) ended.insert(unit);
    }
    std::uint64_t begun = 0;        ///< all that there are, when the search is over
    std::set<std::uint64_t> ended;  ///< its own

 private:
    std::uint64_t number_;
    std::uint64_t count_;
};

}  // namespace parley::tests
