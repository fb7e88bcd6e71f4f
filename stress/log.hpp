#pragma once

#include "parley/checker/trace.hpp"
#include "parley/specs/model/merge.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::stress {

/// Something that a party did or saw, taken down by its own thread. Messages are those of
/// CheckPlatform.
template <class LeftVariant, class RightVariant>
struct LogEntry {
    using LeftOutbox = LeftVariant;
    using RightOutbox = RightVariant;

    checker::EventKind kind = checker::EventKind::note;
    std::variant<std::monostate, LeftOutbox, RightOutbox> message;  ///< by sender
    std::uintptr_t object = 0;  ///< address of the object made, touched, destroyed or carried
    std::string_view sentence;  ///< of an expectation that did not hold
    std::string state;          ///< of the role, when it rejects a message

    specs::model::LogStep step() const {
        switch (kind) {
            case checker::EventKind::send:
                return specs::model::LogStep::send;
            case checker::EventKind::receive:
                return specs::model::LogStep::receive;
            default:
                return specs::model::LogStep::local;
        }
    }
};

template <class Entry>
using Logs = std::array<std::vector<Entry>, 2>;  ///< by party

/// The log entry of a variant `C` under CheckPlatform; mutants share their original's.
template <class C>
using LogEntryOf =
    LogEntry<typename decltype(C::Left::role)::Outbox, typename decltype(C::Right::role)::Outbox>;

}  // namespace parley::stress
