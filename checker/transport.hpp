#pragma once

#include "parley/specs/model/transport.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace parley::checker {

using specs::model::Transport;

/// The kinds but fifo by name. A check has the transport among its bounds, under its name.
inline constexpr std::array<std::string_view, 3> transport_names{"lossy", "duplicating",
                                                                 "reordering"};
inline constexpr int transport_faults_max = 100;

/// Whether the transport may do something to a queue of `size` messages after so many faults.
constexpr bool may_fail(Transport transport, std::size_t size, std::size_t capacity,
                        std::size_t faults) {
    switch (transport.kind) {
        case Transport::Kind::fifo:
            return false;
        case Transport::Kind::lossy:
            return faults < transport.faults && size > 0;
        case Transport::Kind::duplicating:
            return faults < transport.faults && size > 0 && size < capacity;
        case Transport::Kind::reordering:
            return size >= 2;
    }
    return false;
}

/// The transport that these bounds of a check ask for; if they ask for none, the options' own.
template <class Options>
Transport transport_of(const std::map<std::string, int>& bounds, const Options& options) {
    for (std::size_t i = 0; i < transport_names.size(); ++i) {
        const auto found = bounds.find(std::string{transport_names[i]});
        if (found == bounds.end() || found->second == 0) continue;
        return {static_cast<Transport::Kind>(i + 1), static_cast<std::uint8_t>(found->second)};
    }
    if constexpr (requires { options.transport(); }) {
        return options.transport();
    } else {
        return {};
    }
}

}  // namespace parley::checker
