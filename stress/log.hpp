#pragma once

#include "parley/checker/trace.hpp"
#include "parley/checker/witness.hpp"
#include "parley/specs/model/merge.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::stress {

/// Something that a party did or saw, taken down by its own thread. `C` is the variant under
/// CheckPlatform.
template <class C>
struct LogEntry {
    using LeftOutbox = typename checker::Witness<C>::LeftOutbox;
    using RightOutbox = typename checker::Witness<C>::RightOutbox;

    checker::EventKind kind = checker::EventKind::note;
    std::variant<std::monostate, LeftOutbox, RightOutbox> message;  ///< by sender
    std::uintptr_t object = 0;  ///< address of the object made, touched, destroyed or carried
    std::string_view sentence;  ///< of an expectation that did not hold
    std::string state;          ///< of the role, when it rejects a message

    specs::model::LogStep step() const {
        switch (kind) {
            case checker::EventKind::send: return specs::model::LogStep::send;
            case checker::EventKind::receive: return specs::model::LogStep::receive;
            default: return specs::model::LogStep::local;
        }
    }
};

template <class C>
using Log = std::vector<LogEntry<C>>;

}  // namespace parley::stress
