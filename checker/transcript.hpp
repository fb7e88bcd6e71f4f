#pragma once

#include "parley/checker/trace.hpp"
#include "parley/protocols/model/role.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace parley::checker {

/// What each party of a trace sent and received, in order, without the names of objects, which
/// differ from engine to engine.
class Transcript {
 public:
    /// How far a run has followed: events seen, by party.
    struct Position {
        std::array<std::uint16_t, 2> seen{};
    };

    explicit Transcript(const Trace& trace);

    /// Whether `events`, of one step, are what comes next; moves `position` past them if so.
    bool follows(Position& position, std::span<const Event> events) const;

    bool is_over(const Position& position) const;

 private:
    std::array<std::vector<std::string>, 2> lines_;  ///< by party
};

}  // namespace parley::checker
