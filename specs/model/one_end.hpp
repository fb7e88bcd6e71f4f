#pragma once

#include "parley/specs/model/key.hpp"
#include "parley/specs/model/monitor.hpp"

#include <string_view>

namespace parley::specs::model {

/// Messages that end an exchange.
template <class... Ms>
struct Ends {};

/// A party sends one of its ends, once, and nothing of `Others` after it. Hot until the end has
/// been received.
template <class End, class... Others>
struct OneEnd;

template <class... Es, class... Others>
struct OneEnd<Ends<Es...>, Others...> {
    static constexpr std::string_view name = "one end";
    static constexpr std::string_view owes = "the end comes";

    bool is_sent = false;
    bool is_received = false;

    bool operator==(const OneEnd&) const = default;

    template <OneOf<Es..., Others...> M>
    void watch(const Sent<M>&, Judge& judge) {
        judge.require(!is_sent, "nothing is sent after the end");
        is_sent = OneOf<M, Es...>;
    }
    template <OneOf<Es..., Others...> M>
    void watch(const Received<M>&, Judge& judge) {
        judge.require(!is_received, "nothing is received after the end");
        is_received = OneOf<M, Es...>;
    }

    bool is_hot() const { return !is_received; }
};

}  // namespace parley::specs::model
