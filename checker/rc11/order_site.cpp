#include "parley/checker/rc11/order_site.hpp"

#include <fmt/format.h>

namespace parley::rc11 {

std::string place_of(const OrderSite& site) {
    return fmt::format("{}:{}:{}", site.file, site.line, site.column);
}

std::string_view operation_of(const OrderSite& site) {
    if (site.is_failure) return "failing compare_exchange";
    switch (site.kind) {
        case Operation::Kind::load:
            return "load";
        case Operation::Kind::store:
            return "store";
        case Operation::Kind::modify:
            return "read-modify-write";
        case Operation::Kind::fence:
            return "fence";
        default:
            return "operation";
    }
}

std::vector<Order> one_step_weaker(const OrderSite& site) {
    switch (site.order) {
        case Order::seq_cst:
            if (site.kind == Operation::Kind::load || site.is_failure) return {Order::acquire};
            if (site.kind == Operation::Kind::store) return {Order::release};
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
