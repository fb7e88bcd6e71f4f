#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Shorter ways to say what a message or a state says, for places with little room.
namespace parley::checker::render {

/// "Arm(round=1, completion=#1)" if that fits into `columns`, else "Arm(1, #1)", else "Arm", else
/// the beginning of that.
std::string fit_message(std::string_view message, std::size_t columns);

/// Of a state "armed round=1 completion=#1" that was `before`: the words without '=' and as many of
/// the fields that have changed as fit into `columns`, in order. Never empty unless `state` is.
std::string fit_state(std::string_view state, std::string_view before, std::size_t columns);

}  // namespace parley::checker::render
