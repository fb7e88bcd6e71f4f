#include "parley/checker/rc11/protocol/orders.hpp"

namespace parley::rc11 {

using Kind = Operation::Kind;

Operation OrderWatch::watch(Operation operation, const std::source_location& where) {
    const OrderSite site{where.file_name(), where.line(), where.column(), operation.kind,
                         operation.order};
    if (weakened_ && weakened_->first == site) operation.order = weakened_->second;
    sites_.insert(site);
    return operation;
}

std::vector<Order> one_step_weaker(const OrderSite& site) {
    switch (site.order) {
        case Order::seq_cst:
            if (site.kind == Kind::load) return {Order::acquire};
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

std::string_view to_text(Kind kind) {
    switch (kind) {
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

}  // namespace parley::rc11
