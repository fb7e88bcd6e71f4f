#pragma once

#include "parley/checker/choice.hpp"
#include "parley/stress/batch.hpp"
#include "parley/stress/cases.hpp"
#include "parley/stress/fibers/party_fibers.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace parley::stress {

/// One execution on fibers, which follows from the answers of a chooser: who begins, who goes on
/// before each atomic operation, and what the scripts leave open. A party that has nothing to do
/// gives way to the other one without being asked.
///
/// Where neither party moves for `waits_max` turns, or an operation follows another
/// `operations_max` times without any step being done, the execution is given up. So it always
/// ends, unless a party goes on for ever without a single atomic operation.
class FiberRun {
 public:
    static constexpr std::uint64_t waits_max = 200;
    static constexpr std::uint64_t operations_max = 100'000;
    static constexpr std::uint64_t operations_unfair_max = 2'000;

    /// Execution number 0 of `cases`, which is prepared.
    FiberRun(PartyFibers& fibers, Cases& cases, checker::Chooser& chooser)
        : fibers_(fibers), cases_(cases), chooser_(chooser) {}

    /// Runs it to its end, or to ThreadSanitizer's first report.
    BatchResult run();

    std::uint64_t operations() const { return operations_; }
    std::uint64_t switches() const { return switches_; }

 private:
    struct Side {
        std::atomic<std::size_t> steps = 0;
        std::optional<std::string> thrown;
        bool has_ended = false;
        bool has_completed = false;  ///< by itself
    };

    static void run_party(void* self, model::Party party);
    Side& side(model::Party party) { return sides_[model::index_of(party)]; }
    bool is_abandoned() const { return is_abandoned_.load(std::memory_order_relaxed); }
    bool has_ended() const { return sides_[0].has_ended && sides_[1].has_ended; }
    void abandon();
    void note(Trap trap);
    bool is_hopeless() const;
    model::Party next(model::Party now, Trap trap);
    bool stays(model::Party now);
    BatchResult result(model::Party last) const;

    PartyFibers& fibers_;
    Cases& cases_;
    checker::Chooser& chooser_;
    std::array<Side, 2> sides_;
    std::atomic<bool> is_abandoned_ = false;
    BatchEnd end_ = BatchEnd::completed;
    std::uint64_t operations_ = 0;
    std::uint64_t switches_ = 0;
    std::size_t steps_ = 0;              ///< of both parties
    std::uint64_t operations_idle_ = 0;  ///< since the last step
    std::uint64_t waits_idle_ = 0;
};

}  // namespace parley::stress
