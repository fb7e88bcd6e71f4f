#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::rc11 {

/// A memory order in the source: where it is, and of what.
struct OrderSite {
    std::string_view file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    Operation::Kind kind = Operation::Kind::load;
    bool is_failure = false;  ///< that of a compare_exchange that does not write
    Order order = Order::relaxed;

    auto operator<=>(const OrderSite&) const = default;
};

/// "queue.hpp:41:20"
std::string place_of(const OrderSite& site);

/// "store", "failing compare_exchange", ...
std::string_view operation_of(const OrderSite& site);

/// The orders that are weaker than that of `site` by one step. None: it is relaxed.
std::vector<Order> one_step_weaker(const OrderSite& site);

}  // namespace parley::rc11
