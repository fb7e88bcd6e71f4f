#pragma once

#include "parley/protocols/model/endpoint.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/protocols/model/spsc_queue.hpp"

#include <concepts>
#include <cstddef>

namespace parley::model {

/// Two roles that understand each other: what one sends, the other receives.
template <class Left, class Right>
concept Counterparts =
    Role<Left> && Role<Right> && std::same_as<typename Left::Outbox, typename Right::Inbox> &&
    std::same_as<typename Right::Outbox, typename Left::Inbox>;

/// The two queues between two roles, and the endpoint of each. It outlives its use by both threads,
/// of which each touches its own endpoint only.
template <class Left, class Right>
    requires Counterparts<Left, Right>
class Connection {
 public:
    using LeftEndpoint = Endpoint<typename Left::Outbox, typename Left::Inbox>;
    using RightEndpoint = Endpoint<typename Right::Outbox, typename Right::Inbox>;

    /// Capacities in messages, powers of two; throws std::invalid_argument for others.
    Connection(std::size_t left_to_right, std::size_t right_to_left)
        : left_to_right_(left_to_right), right_to_left_(right_to_left) {}

    LeftEndpoint& left() noexcept { return left_; }
    RightEndpoint& right() noexcept { return right_; }

 private:
    SpscQueue<typename Left::Outbox> left_to_right_;
    SpscQueue<typename Right::Outbox> right_to_left_;
    alignas(line_bytes) LeftEndpoint left_{left_to_right_, right_to_left_};
    alignas(line_bytes) RightEndpoint right_{right_to_left_, left_to_right_};
};

}  // namespace parley::model
