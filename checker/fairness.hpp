#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/transition_system.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace parley::checker {

/// Which runs without end count: those in which nothing that could be done all the time from some
/// point on is left undone for ever (weak fairness; Lamport, "The temporal logic of actions",
/// TOPLAS 1994). A step that changes nothing is not one that can be done, and nobody is owed a
/// fault of the transport. A run that fails it is a false alarm: in it, somebody could always go on
/// and never does.
enum class Fairness : std::uint8_t {
    action,   ///< for each kind of step of a party and each way to answer what it leaves open
    process,  ///< for each party as a whole
    none,     ///< every run counts
};

/// "action", "process", "none".
std::string_view name_of(Fairness fairness);
/// By its name; throws InputError.
Fairness fairness_named(std::string_view name);

/// What a check assumes: the scheduler of a recorded loop says it as "fairness_none", else
/// CheckOptions::fairness.
Fairness fairness_of(const CheckOptions& check);
inline constexpr std::string_view fairness_prefix = "fairness_";

/// Numbers what fairness tells apart.
class ActionTable {
 public:
    using Action = std::uint16_t;
    static constexpr Action unfair = 0;  ///< of the transport: fairness asks nothing

    explicit ActionTable(Fairness fairness) : fairness_(fairness) {}

    /// The action of the step that `context` has just taken with these answers.
    Action number_of(const StepContext& context, const Choices& answers);
    std::size_t size() const { return 1 + numbers_.size(); }

    /// See snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        std::uint64_t count = numbers_.size();
        archive(count);
        if constexpr (Archive::is_reading) {
            numbers_.clear();
            for (std::uint64_t i = 0; i < count; ++i) {
                archive(key_);
                archive(numbers_[key_]);
            }
        } else {
            for (const auto& [key, number] : numbers_) {
                archive(key);
                archive(number);
            }
        }
    }

 private:
    Fairness fairness_;
    std::map<std::vector<std::uint32_t>, Action> numbers_;
    std::vector<std::uint32_t> key_;  ///< of the action that is looked for
};

}  // namespace parley::checker
