#pragma once

#include "parley/protocols/model/role.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace parley::specs::model {

/// What an entry of a thread's log has to do with the other thread.
enum class LogStep : std::uint8_t { local, send, receive };

/// Merges the logs of two threads that shared nothing but two FIFO queues into one order that
/// agrees with happens-before: the k-th receive comes after the k-th send, and the (k +
/// capacity)-th send after the k-th receive. The threads need no clock and no synchronisation for
/// it (Lamport, Time, clocks, and the ordering of events in a distributed system, CACM 1978).
///
/// `step_of(entry)` gives its LogStep, `visit(party, entry)` is called for every entry in the
/// merged order and returns false to stop. When no such order exists, because a message was
/// received that was not sent or the queue held too many, the entry that has to wait in vain is
/// visited anyway.
template <class Entry, class StepOf, class Visit>
void merge_logs(std::span<const Entry> left, std::span<const Entry> right, std::size_t capacity,
                const StepOf& step_of, const Visit& visit) {
    const std::array<std::span<const Entry>, 2> logs{left, right};
    std::array<std::size_t, 2> next{};
    std::array<std::size_t, 2> sent{};      // by sender
    std::array<std::size_t, 2> received{};  // by sender
    const auto has_entry = [&](std::size_t party) { return next[party] < logs[party].size(); };
    const auto is_ready = [&](std::size_t party) {
        if (!has_entry(party)) return false;
        switch (step_of(logs[party][next[party]])) {
            case LogStep::local:
                return true;
            case LogStep::send:
                return sent[party] - received[party] < capacity;
            case LogStep::receive:
                return received[1 - party] < sent[1 - party];
        }
        return true;
    };
    std::size_t party = 0;
    while (has_entry(0) || has_entry(1)) {
        if (!is_ready(party) && (is_ready(1 - party) || !has_entry(party))) party = 1 - party;
        const Entry& entry = logs[party][next[party]++];
        const LogStep step = step_of(entry);
        if (step == LogStep::send) ++sent[party];
        if (step == LogStep::receive) ++received[1 - party];
        if (!visit(static_cast<parley::model::Party>(party), entry)) return;
    }
}

}  // namespace parley::specs::model
