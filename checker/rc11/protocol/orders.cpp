#include "parley/checker/rc11/protocol/orders.hpp"

namespace parley::rc11 {

void OrderWatch::watch(Order& order, const OrderSite& site) {
    sites_.insert(site);
    if (weakened_ && weakened_->first == site) order = weakened_->second;
}

Operation OrderWatch::watch(Operation operation, const std::source_location& where) {
    OrderSite site{.file = where.file_name(),
                   .line = where.line(),
                   .column = where.column(),
                   .kind = operation.kind,
                   .is_failure = false,
                   .order = operation.order};
    watch(operation.order, site);
    if (!can_fail(operation)) return operation;
    site.is_failure = true;
    site.order = operation.failure;
    watch(operation.failure, site);
    return operation;
}

}  // namespace parley::rc11
