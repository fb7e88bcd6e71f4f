#include "parley/checker/rc11/order_site.hpp"

#include <fmt/format.h>

namespace parley::rc11 {

using Kind = Operation::Kind;

std::string place_of(const OrderSite& site) {
    return fmt::format("{}:{}:{}", site.file, site.line, site.column);
}

std::string_view operation_of(const OrderSite& site) {
    if (site.is_failure) return "failing compare_exchange";
    switch (site.kind) {
        case Kind::load:
            return "load";
        case Kind::store:
            return "store";
        case Kind::modify:
            return "read-modify-write";
        case Kind::fence:
            return "fence";
        default:
            return "operation";
    }
}

std::vector<Order> one_step_weaker(const OrderSite& site) {
    switch (site.order) {
        case Order::seq_cst:
            if (site.kind == Kind::load || site.is_failure) return {Order::acquire};
            if (site.kind == Kind::store) return {Order::release};
            return {Order::acq_rel};
        case Order::acq_rel:
            return {Order::acquire, Order::release};
        case Order::acquire:
        case Order::release:
            return {Order::relaxed};
        case Order::relaxed:
        case Order::plain:
            break;
    }
    return {};
}

}  // namespace parley::rc11
