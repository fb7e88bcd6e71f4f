#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// A skeleton of the page specs/feed.md, to be filled in. It sends and receives what the page
/// says; messages carry nothing yet.
namespace parley::protocols::feed {

/// source_of_items to sink
struct Item {};

/// source_of_items to sink
struct LastItem {};

/// The source_of_items. Its states are those of its diagram.
struct SourceOfItems {
    static constexpr std::string_view name = "source_of_items";
    using Inbox = std::variant<std::monostate>;
    using Outbox = std::variant<Item, LastItem>;
    enum class State : std::uint8_t { new_, delete_ };

    State state = State::new_;

    /// Whether it may be left as it is.
    bool may_stop() const { return state == State::delete_; }

    bool can_send_item() const { return state == State::new_; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_item(auto& port) {
        if (!can_send_item() || !port.send(Item{})) return false;
        state = State::new_;
        return true;
    }

    bool can_send_last_item() const { return state == State::new_; }
    /// False: the queue is full or this is not the time, and nothing has happened.
    bool send_last_item(auto& port) {
        if (!can_send_last_item() || !port.send(LastItem{})) return false;
        state = State::delete_;
        return true;
    }
};

/// The sink. Its states are those of its diagram.
struct Sink {
    static constexpr std::string_view name = "sink";
    using Inbox = std::variant<Item, LastItem>;
    using Outbox = std::variant<std::monostate>;
    enum class State : std::uint8_t { new_, done };

    State state = State::new_;

    /// Whether it may be left as it is.
    bool may_stop() const { return state == State::done; }

    void receive(const Item& message, auto& port) {
        switch (state) {
            case State::new_:
                state = State::new_;
                return;
            default:
                return port.reject(message);
        }
    }

    void receive(const LastItem& message, auto& port) {
        switch (state) {
            case State::new_:
                state = State::done;
                return;
            default:
                return port.reject(message);
        }
    }
};

}  // namespace parley::protocols::feed
