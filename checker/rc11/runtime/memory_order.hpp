#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <array>
#include <cstddef>

namespace parley::rc11 {

/// From the compiler's numbers; consume is acquire, as every compiler has it.
inline Order order_of(int order) {
    constexpr std::array orders{Order::relaxed, Order::acquire, Order::acquire,
                                Order::release, Order::acq_rel, Order::seq_cst};
    return orders.at(static_cast<std::size_t>(order & 0xff));
}

}  // namespace parley::rc11
