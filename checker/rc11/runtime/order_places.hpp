#pragma once

#include "parley/checker/rc11/order_site.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace parley::rc11 {

/// A memory order in compiled code: where it is behind the call of the runtime, and of what. The
/// same site of the source may be in several places.
struct OrderPlace {
    const void* place = nullptr;
    Operation::Kind kind = Operation::Kind::load;
    bool is_failure = false;  ///< see OrderSite
    Order order = Order::relaxed;

    auto operator<=>(const OrderPlace&) const = default;
};

/// Notes the memory orders that a search comes across, and makes some of them weaker.
class OrderPlaces {
 public:
    /// Each with an object that it is used on; 0: a fence.
    using Seen = std::map<OrderPlace, std::uintptr_t>;

    OrderPlaces() = default;
    OrderPlaces(std::set<OrderPlace> places, Order weakened)
        : places_(std::move(places)), weakened_(weakened) {}

    void watch(Operation& operation, const void* place, std::uintptr_t address);
    const Seen& seen() const { return seen_; }

 private:
    void watch(Order& order, const OrderPlace& place, std::uintptr_t address);

    Seen seen_;
    std::set<OrderPlace> places_;
    Order weakened_ = Order::relaxed;
};

/// Where the places are in the source, but for what is no order that the code says: of operations
/// that the C++ library does for itself and that guard local static variables.
std::map<OrderSite, std::set<OrderPlace>> sites_of(const OrderPlaces::Seen& seen);

}  // namespace parley::rc11
