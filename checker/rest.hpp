#pragma once

#include <atomic>
#include <cstdint>

namespace parley::checker {

/// What a party that is at rest tells the other one: how many messages it has sent and received so
/// far. When both are at rest and each has received what the other has sent, nothing happens any
/// more (Mattern, Algorithms for distributed termination detection, Distributed Computing 1987:
/// counting messages; two parties need one look only, as a party that is at rest sends nothing
/// before it has received something).
///
/// All accesses are relaxed: they order nothing and so hide no race of the code under check.
/// `Counter` is an atomic number of 64 bits.
template <class Counter>
class Rest {
 public:
    void tell(std::uint32_t sent, std::uint32_t received) {
        const std::uint64_t now = packed(sent, received);
        if (now == told_) return;
        told_ = now;
        counts_.store(now, std::memory_order_relaxed);
    }

    /// Whether this party, when it last told, had received all of `sent` and sent all of
    /// `received`.
    bool matches(std::uint32_t sent, std::uint32_t received) const {
        return counts_.load(std::memory_order_relaxed) == packed(received, sent);
    }

 private:
    /// Not 0, which stands for a party that has never been at rest.
    static std::uint64_t packed(std::uint32_t sent, std::uint32_t received) {
        return (std::uint64_t{sent} << 32U | received) + 1;
    }

    Counter counts_{0};
    std::uint64_t told_ = 0;  ///< the party's own copy
};

}  // namespace parley::checker
