#pragma once

#include "parley/protocols/model/endpoint.hpp"
#include "parley/protocols/model/spsc_queue.hpp"

#include <cstddef>

namespace parley::protocols {

/// Both production endpoints of a protocol, for one thread that plays both parties.
template <class Left, class Right>
struct Link {
    explicit Link(std::size_t capacity) : left_to_right(capacity), right_to_left(capacity) {}

    model::SpscQueue<typename Left::Outbox> left_to_right;
    model::SpscQueue<typename Right::Outbox> right_to_left;
    model::Endpoint<typename Left::Outbox, typename Right::Outbox> left{left_to_right,
                                                                        right_to_left};
    model::Endpoint<typename Right::Outbox, typename Left::Outbox> right{right_to_left,
                                                                         left_to_right};
};

}  // namespace parley::protocols
