#include "parley/checker/memory_text.hpp"

#include <fmt/format.h>

#include <optional>

namespace parley::checker {

namespace {

std::string_view order_text(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return "relaxed";
        case std::memory_order_consume:
            return "consume";
        case std::memory_order_acquire:
            return "acquire";
        case std::memory_order_release:
            return "release";
        case std::memory_order_acq_rel:
            return "acq_rel";
        case std::memory_order_seq_cst:
            return "seq_cst";
    }
    return "";
}

EventKind kind_of(MemoryOperation operation) {
    switch (operation) {
        case MemoryOperation::load:
            return EventKind::load;
        case MemoryOperation::store:
            return EventKind::store;
        case MemoryOperation::modify:
            return EventKind::modify;
        case MemoryOperation::fence:
            return EventKind::fence;
        default:
            return EventKind::plain;
    }
}

bool is_about_object(MemoryOperation operation) {
    return operation == MemoryOperation::make_object ||
           operation == MemoryOperation::access_object ||
           operation == MemoryOperation::destroy_object;
}

}  // namespace

std::string variable_text(std::uint32_t variable, const QueueNames& names) {
    for (const std::size_t queue : {std::size_t{1}, std::size_t{0}}) {
        if (variable < names.first[queue]) continue;
        const std::size_t index = variable - names.first[queue];
        const std::string_view role = names.roles[1 - queue];
        if (names.are_channels) {
            return fmt::format("to_{}.{}[{}]", role, index % 2 == 0 ? "sent" : "taken", index / 2);
        }
        if (index < names.capacity) return fmt::format("to_{}.slot[{}]", role, index);
        if (index == names.capacity) return fmt::format("to_{}.tail", role);
        if (index == names.capacity + 1) return fmt::format("to_{}.head", role);
        break;
    }
    const auto other = names.others.find(variable);
    return other != names.others.end() ? other->second : fmt::format("variable {}", variable);
}

std::vector<RaceEnd> race_ends(const MemoryLog& log, const QueueNames& names) {
    const std::optional<RacePair> race = race_at_end(log);
    if (!race) return {};
    const auto end_of = [&](const MemoryEvent& event) {
        const std::string what = is_about_object(event.operation)
                                     ? fmt::format("object {}", event.variable)
                                     : variable_text(event.variable, names);
        return RaceEnd{
            fmt::format("access to {} by {}", what, names.roles[event.thread == 0 ? 0 : 1]),
            {fmt::format("{}:{}", event.file, event.line)}};
    };
    return {end_of(race->second), end_of(race->first)};
}

void record_memory(Recorder& recorder, const MemoryEvent& event, const QueueNames& names) {
    if (event.thread == no_thread || is_about_object(event.operation)) return;
    const bool is_atomic = kind_of(event.operation) != EventKind::plain;
    const bool is_fence = event.operation == MemoryOperation::fence;
    MemoryAccess access;
    access.variable = is_fence ? std::string{} : variable_text(event.variable, names);
    if (is_atomic) access.order = order_text(event.order);
    if (is_atomic && !is_fence) access.value = fmt::format("{}", event.value);
    if (is_atomic && event.is_stale()) access.newest = fmt::format("{}", event.newest_value);
    access.file = event.file;
    access.line = static_cast<int>(event.line);
    const auto party = event.thread == 0 ? model::Party::left : model::Party::right;
    recorder.add(party, kind_of(event.operation), is_atomic ? "" : "access", std::move(access));
}

}  // namespace parley::checker
