#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <concepts>
#include <string_view>

namespace parley::specs::model {

/// A party sends `Last` once, and nothing of `Last` and `Others` after it, until it receives an
/// `Opener`. Without an opener (NoMessage) the exchange is open from the start. Hot while open.
template <class Last, class Opener, class... Others>
struct NothingAfter {
    static constexpr std::string_view name = "nothing after the last";
    static constexpr std::string_view owes = "what was begun is ended";

    bool is_open = std::same_as<Opener, NoMessage>;

    bool operator==(const NothingAfter&) const = default;

    void watch(const Received<Opener>&, Judge&) { is_open = true; }
    template <OneOf<Last, Others...> M>
    void watch(const Sent<M>&, Judge& judge) {
        judge.require(is_open, "nothing is sent after the last message");
        if constexpr (std::same_as<M, Last>) is_open = false;
    }

    bool is_hot() const { return is_open; }
};

}  // namespace parley::specs::model
