#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <source_location>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// A memory order in the source: where it is, and of what.
struct OrderSite {
    std::string_view file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    Operation::Kind kind = Operation::Kind::load;
    Order order = Order::relaxed;

    auto operator<=>(const OrderSite&) const = default;
};

/// Notes the memory orders that a search comes across, and makes one of them weaker.
class OrderWatch {
 public:
    OrderWatch() = default;
    OrderWatch(const OrderSite& site, Order weakened) : weakened_(std::pair{site, weakened}) {}

    Operation watch(Operation operation, const std::source_location& where);
    const std::set<OrderSite>& sites() const { return sites_; }

 private:
    std::set<OrderSite> sites_;
    std::optional<std::pair<OrderSite, Order>> weakened_;
};

/// The orders that are weaker than that of `site` by one step. None: it is relaxed.
std::vector<Order> one_step_weaker(const OrderSite& site);

std::string_view to_text(Operation::Kind kind);

}  // namespace parley::rc11
