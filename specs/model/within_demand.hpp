#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <cstdint>
#include <string_view>

namespace parley::specs::model {

/// A party sends no more `Item`s than it has been asked for. `Request` is a pointer to the member
/// that says for how many.
template <auto Request, class Item>
struct WithinDemand {
    static constexpr std::string_view name = "within demand";

    std::uint32_t demand = 0;

    bool operator==(const WithinDemand&) const = default;

    void watch(const Received<MessageOf<Request>>& event, Judge&) {
        demand += event.message.*Request;
    }
    void watch(const Sent<Item>&, Judge& judge) {
        judge.require(demand > 0, "no more is sent than has been asked for");
        --demand;
    }
};

}  // namespace parley::specs::model
