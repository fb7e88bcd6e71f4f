#pragma once

#include "parley/specs/model/page.hpp"

#include <string>

namespace parley::checker {

/// What a transition does, as its page writes it: "!Arm", "?Fired".
inline std::string label_of(const specs::model::Page& page,
                            const specs::model::Transition& transition) {
    const bool is_send = transition.direction == specs::model::Direction::send;
    return (is_send ? "!" : "?") + page.messages[transition.message];
}

}  // namespace parley::checker
