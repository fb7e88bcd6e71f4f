#pragma once

#include "parley/checker/transition_system.hpp"
#include "parley/protocols/model/role.hpp"

#include <cstddef>
#include <string>

namespace parley::checker {

/// A group of renamings of values that a protocol declares interchangeable. Renaming a state is
/// renaming its parts: what it is in whole is for NumberedSystem to hold the code to.
class Symmetry {
 public:
    virtual ~Symmetry() = default;

    /// How many renamings there are, more than one; number 0 changes nothing.
    virtual std::size_t order() const = 0;
    /// A party's script with its place in the page, or the monitors, renamed. Valid until the next
    /// call.
    virtual State::Part renamed(Place place, State::Part part, std::size_t renaming) = 0;
    /// A message that `sender` sends, renamed. Valid until the next call.
    virtual State::Part renamed_message(model::Party sender, State::Part message,
                                        std::size_t renaming) = 0;
    /// "0 as 1 and 1 as 0".
    virtual std::string text_of(std::size_t renaming) const = 0;
};

}  // namespace parley::checker
