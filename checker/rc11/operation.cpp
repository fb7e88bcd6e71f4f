#include "parley/checker/rc11/operation.hpp"

namespace parley::rc11 {

std::string_view to_text(Order order) {
    switch (order) {
        case Order::plain:
            return "plain";
        case Order::relaxed:
            return "relaxed";
        case Order::acquire:
            return "acquire";
        case Order::release:
            return "release";
        case Order::acq_rel:
            return "acq_rel";
        case Order::seq_cst:
            return "seq_cst";
    }
    return "";
}

std::memory_order to_std(Order order) {
    switch (order) {
        case Order::acquire:
            return std::memory_order_acquire;
        case Order::release:
            return std::memory_order_release;
        case Order::acq_rel:
            return std::memory_order_acq_rel;
        case Order::seq_cst:
            return std::memory_order_seq_cst;
        case Order::plain:
        case Order::relaxed:
            break;
    }
    return std::memory_order_relaxed;
}

}  // namespace parley::rc11
