#pragma once

#include "parley/checker/checkpoint.hpp"
#include "parley/checker/rc11/kept_units.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"
#include "parley/checker/rc11/workers.hpp"

#include <cstdint>
#include <functional>

namespace parley::rc11 {

/// Whether a command wants to know of each verify() what verify_orders() finds out, which writes it
/// there.
bool is_asked_for_orders();

/// The search of verify(): through all executions in this process, or in several as soon as there
/// are many.
class VerifySearch {
 public:
    /// `orders`: sees every memory order, and may change it, or null.
    VerifySearch(const std::function<void()>& code, const VerifyOptions& options,
                 OrderPlaces* orders = nullptr);

    Verification run();

 private:
    using Stop = std::function<bool()>;

    /// How the search is divided into units.
    struct Division {
        /// Of the executions near the root, the same in each search of a program.
        std::uint64_t fingerprint = 0;
        std::uint32_t units_level = 0;
    };

    void search();
    bool search_first();
    bool search_first_elsewhere();
    bool search_alone(std::uint64_t executions_max);
    bool search_merging();
    void search_shared();
    WorkerEnd look(Units* units, std::uint64_t executions_max, const Stop& stop);
    SharedEnd divide();
    void find_division();
    void recognise_checkpoint();
    void note_crash(const SharedEnd::Lost& lost);
    void settle(const SharedEnd& end);
    template <class Archive>
    void transfer(Archive& archive);
    void write_checkpoint();
    void look_again(std::uint64_t unit, std::uint64_t executions_max);
    std::uint64_t executions() { return runtime_.found().executions + runtime_.found().blocked; }

    VerifyOptions options_;
    checker::Checkpoint checkpoint_;
    Runtime runtime_;
    Division division_;
    bool is_dividing_ = false;
    KeptUnits findings_;
    std::uint64_t fingerprint_of_findings_ = 0;
    bool are_foreign_ = false;  ///< the findings
    bool has_crashed_ = false;
};

}  // namespace parley::rc11
