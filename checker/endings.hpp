#pragma once

#include "parley/checker/rest.hpp"
#include "parley/protocols/model/role.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace parley::checker {

/// What two parties on threads of their own tell each other of their end, through memory of
/// `Platform`: with `has_flags` that one is done, with `may_both_rest` what one that is at rest has
/// sent and received (see Rest). Without them they tell each other nothing.
template <class Platform, bool has_flags, bool may_both_rest>
class Endings {
 public:
    void finish(model::Party party) {
        if constexpr (has_flags) {
            done_[model::index_of(party)].store(true, std::memory_order_release);
        }
    }
    /// What the party sent before it was done can be seen.
    bool is_done(model::Party party) const {
        if constexpr (has_flags) {
            return done_[model::index_of(party)].load(std::memory_order_acquire);
        } else {
            return false;
        }
    }

    /// `party` is at rest after so many messages. Whether the other one is as well. Where one party
    /// is done at the end, the other one waits for that.
    bool is_all_at_rest(model::Party party, std::uint32_t sent, std::uint32_t received) {
        if constexpr (may_both_rest) {
            rests_[model::index_of(party)].tell(sent, received);
            return rests_[model::index_of(model::other(party))].matches(sent, received);
        } else {
            return false;
        }
    }

 private:
    std::array<typename Platform::template Atomic<bool>, has_flags ? 2 : 0> done_{};
    std::array<Rest<typename Platform::template Atomic<std::uint64_t>>, may_both_rest ? 2 : 0>
        rests_{};
};

}  // namespace parley::checker
