#pragma once

#include <cstdint>

namespace parley::rc11 {

/// What a search is divided into, so that several can share it: the executions of a program are
/// the nodes of a tree, each the child of the one that left its branch, and a unit is either one
/// execution near the root or a whole subtree below. Units are numbered as they are come to, the
/// same in each search of a program. Every search takes the executions near the root, since they
/// lead to the subtrees; a subtree that is not its own it passes by.
class Units {
 public:
    virtual ~Units() = default;
    /// Whether the unit is this search's own: what is found in it counts here.
    virtual bool begin(std::uint64_t unit) = 0;
    virtual void end(std::uint64_t unit, bool is_own) = 0;
};

}  // namespace parley::rc11
