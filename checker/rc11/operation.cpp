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

}  // namespace parley::rc11
