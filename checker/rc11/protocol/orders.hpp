#pragma once

#include "parley/checker/rc11/operation.hpp"
#include "parley/checker/rc11/order_site.hpp"

#include <optional>
#include <set>
#include <source_location>
#include <utility>

namespace parley::rc11 {

/// Notes the memory orders that a search comes across, and makes one of them weaker.
class OrderWatch {
 public:
    OrderWatch() = default;
    OrderWatch(const OrderSite& site, Order weakened) : weakened_(std::pair{site, weakened}) {}

    Operation watch(Operation operation, const std::source_location& where);
    const std::set<OrderSite>& sites() const { return sites_; }

 private:
    void watch(Order& order, const OrderSite& site);

    std::set<OrderSite> sites_;
    std::optional<std::pair<OrderSite, Order>> weakened_;
};

}  // namespace parley::rc11
