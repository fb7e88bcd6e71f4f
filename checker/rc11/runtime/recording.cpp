#include "parley/checker/rc11/runtime/recording.hpp"

#include "parley/checker/rc11/names/object_names.hpp"
#include "parley/checker/rc11/runtime/object_words.hpp"
#include "parley/checker/symbolizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>

namespace parley::rc11 {

using OperationKind = Operation::Kind;

/// A run may be long: what is beyond that has no names.
constexpr std::size_t stacks_max = 10'000;

void Recording::note_stack(ThreadId thread, CallFrames frames) {
    const bool is_full = stacks_.size() >= stacks_max;
    const auto known = is_full ? stacks_.find(frames)
                               : stacks_.try_emplace(std::move(frames), stacks_.size()).first;
    stack_of_[thread] = known == stacks_.end() ? 0 : known->second;
}

std::size_t Recording::stack_of(ThreadId thread) const {
    const auto known = stack_of_.find(thread);
    return known == stack_of_.end() ? 0 : known->second;
}

void Recording::add(Entry entry) {
    if (entry.object.kind == Object::Kind::stack) entry.owner_stack = stack_of(entry.object.owner);
    entries_.push_back(entry);
}

void Recording::add_operation(const Graph& graph, ThreadId thread, const Object& object,
                              const void* place, std::string_view part_of) {
    Entry entry{.thread = thread, .object = object, .place = place, .part_of = part_of};
    entry.own_event = graph.thread(thread).back();
    entry.event = graph.at(entry.own_event);
    entry.bytes = entry.event.operation.bytes;
    entry.is_write = entry.event.is_write();
    const Event* read = &entry.event;
    if (read->is_update()) read = &graph.read_of(*read);
    if (read->is_read()) {
        entry.found = read->value;
        // The write of the same read-modify-write is newer, but not there yet.
        const auto& order = graph.location(read->operation.location).order;
        entry.is_stale = order.back() != read->source && order.back() != entry.own_event;
        entry.newest_event = order.back();
        entry.newest = graph.value_of(read->operation.location, order.back());
    }
    add(entry);
}

void Recording::add_use(ThreadId thread, bool is_write, std::size_t bytes, const Object& object,
                        const void* place) {
    add({.kind = Kind::use,
         .thread = thread,
         .is_write = is_write,
         .bytes = bytes,
         .object = object,
         .place = place});
}

void Recording::add_allocation(ThreadId thread, std::uintptr_t begin, std::size_t bytes,
                               const void* place) {
    allocations_[begin] = {bytes, place, stack_of(thread)};
}

void Recording::add_release(ThreadId thread, std::size_t bytes, const Object& object,
                            const void* place) {
    add({.kind = Kind::release,
         .thread = thread,
         .is_write = true,
         .bytes = bytes,
         .object = object,
         .place = place});
}

const void* Recording::add_leak(ThreadId thread, std::size_t bytes, const Object& object) {
    const auto allocation = allocations_.find(object.begin);
    const void* const place = allocation == allocations_.end() ? nullptr : allocation->second.place;
    add({.kind = Kind::leak, .thread = thread, .bytes = bytes, .object = object, .place = place});
    return place;
}

void Recording::fail(ThreadId thread, const void* place) {
    // What fails is mostly the last step itself.
    const bool is_there =
        !entries_.empty() && entries_.back().thread == thread && entries_.back().place == place;
    if (!is_there) entries_.push_back({.kind = Kind::failure, .thread = thread, .place = place});
}

bool Recording::touches(const Entry& entry, const Entry& last) const {
    return entry.object.kind != Object::Kind::none && last.object.kind != Object::Kind::none &&
           entry.object.address < last.object.address + last.bytes &&
           last.object.address < entry.object.address + entry.bytes;
}

/// All but the uses of plain memory that have nothing to do with the last step: its counterpart is
/// the latest one by another thread, and the release of the memory by any.
std::vector<Recording::Entry> Recording::worth_telling() const {
    if (entries_.empty()) return {};
    const Entry& last = entries_.back();
    std::optional<std::size_t> counterpart;
    std::optional<std::size_t> release;
    for (std::size_t i = 0; i + 1 < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (!touches(entry, last)) continue;
        if (entry.kind == Kind::release) release = i;
        const bool conflicts = entry.is_write || last.is_write;
        if (entry.kind == Kind::use && entry.thread != last.thread && conflicts) counterpart = i;
    }
    std::vector<Entry> told;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const bool is_plain = entries_[i].kind == Kind::use || entries_[i].kind == Kind::release;
        const bool is_asked_for = i == counterpart || i == release || i + 1 == entries_.size();
        if (!is_plain || is_asked_for) told.push_back(entries_[i]);
    }
    return told;
}

namespace {

std::string_view name_of(Update update) {
    switch (update) {
        case Update::exchange:
            return "exchange";
        case Update::add:
            return "fetch_add";
        case Update::subtract:
            return "fetch_sub";
        case Update::bit_and:
            return "fetch_and";
        case Update::bit_or:
            return "fetch_or";
        case Update::bit_xor:
            return "fetch_xor";
        case Update::bit_nand:
            return "fetch_nand";
        case Update::compare_exchange:
            return "compare_exchange";
        case Update::take:
            return "take";
    }
    return "";
}

/// A large one is an address, most of the time.
std::string text_of(Value value) {
    constexpr Value small_max = UINT32_MAX;
    return fmt::format(fmt::runtime(value > small_max ? "{:#x}" : "{}"), value);
}

/// Of more bytes than the engine knows: its words.
std::string text_of(std::string_view bytes) {
    std::string text;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), sizeof(Value)))) {
        Value word = 0;
        std::memcpy(&word, bytes.data(), std::min(bytes.size(), sizeof word));
        text += (text.empty() ? "" : ", ") + text_of(word);
    }
    return "{" + text + "}";
}

std::string what_of(const Event& event) {
    const Operation& operation = event.operation;
    switch (operation.kind) {
        case OperationKind::load:
            return fmt::format("load {}", to_text(event.order));
        case OperationKind::store:
            return fmt::format("store {}", to_text(event.order));
        case OperationKind::modify:
            return fmt::format("{}{} {}", name_of(operation.update),
                               event.is_write() ? "" : " fails", to_text(event.order));
        case OperationKind::fence:
            return fmt::format("fence {}", to_text(operation.order));
        case OperationKind::choose:
            return fmt::format("chooses {} of {}", event.value, operation.value);
        case OperationKind::create:
            return fmt::format("starts thread {}", operation.child);
        case OperationKind::join:
            return fmt::format("joins thread {}", operation.child);
        case OperationKind::begin:
        case OperationKind::end:
            break;
    }
    return "";
}

}  // namespace

/// Names and places of what an execution has touched.
class Recording::Words {
 public:
    Words(const Recording& recording, std::span<const Entry> entries, const WideValues& wide_values)
        : wide_values_(wide_values) {
        std::vector<void*> places;
        for (const Entry& entry : entries) places.push_back(const_cast<void*>(entry.place));
        std::vector<std::size_t> ends;  // of the places of each allocation
        const std::vector<const CallFrames*> stacks = recording.stacks_by_number();
        for (const auto& [begin, allocation] : recording.allocations_) {
            const auto callers = callers_of(allocation.place, *stacks[allocation.stack]);
            places.push_back(const_cast<void*>(allocation.place));
            places.insert(places.end(), callers.begin(), callers.end());
            ends.push_back(places.size());
        }
        stacks_ = checker::symbolize(places);
        join_allocations(entries.size(), ends);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (entries[i].kind == Kind::operation) step_of_[entries[i].own_event] = i;
        }
        objects_ = recording.objects(entries, stacks,
                                     [&, i = entries.size()]() mutable { return place(i++); });
    }

    std::string place(std::size_t i) const {
        const checker::Stack& stack = stacks_[i];
        const auto has_line = [](const checker::Frame& frame) { return !frame.file.empty(); };
        // Of an atomic operation the C++ library has its own lines.
        auto frame = std::ranges::find_if(stack, [&](const checker::Frame& each) {
            return has_line(each) && !is_of_library(each.file);
        });
        if (frame == stack.end()) frame = std::ranges::find_if(stack, has_line);
        if (frame == stack.end()) return stack.empty() ? "" : stack.front().function;
        return fmt::format("{}:{}", frame->file, frame->line);
    }

    const std::string& object(std::size_t i) const { return objects_[i]; }

    std::string value(const Entry& entry, Value value) const {
        const bool is_wide = entry.bytes > sizeof(Value);
        return is_wide ? text_of(wide_values_.at(value)) : text_of(value);
    }

    std::string note(const Entry& entry) const {
        if (!entry.is_stale) return "";
        const auto newest = step_of_.find(entry.newest_event);
        const std::string writer = newest == step_of_.end() ? "" : " of " + place(newest->second);
        return fmt::format("not {}{}, which nothing orders before this", value(entry, entry.newest),
                           writer);
    }

 private:
    /// What the C++ library asks for memory for is said by those who called it.
    static std::vector<void*> callers_of(const void* place, const CallFrames& frames) {
        constexpr std::ptrdiff_t callers_max = 8;
        std::vector<void*> callers;
        auto frame = std::ranges::find(frames, reinterpret_cast<std::uintptr_t>(place),
                                       &CallFrame::return_address);
        while (frame != frames.end() && ++frame != frames.end() &&
               std::ssize(callers) < callers_max) {
            callers.push_back(reinterpret_cast<void*>(frame->return_address));
        }
        return callers;
    }

    void join_allocations(std::size_t begin, std::span<const std::size_t> ends) {
        std::vector<checker::Stack> joined(stacks_.begin(),
                                           stacks_.begin() + static_cast<std::ptrdiff_t>(begin));
        for (const std::size_t end : ends) {
            checker::Stack& all = joined.emplace_back();
            for (; begin < end; ++begin) {
                all.insert(all.end(), stacks_[begin].begin(), stacks_[begin].end());
            }
        }
        stacks_ = std::move(joined);
    }

    const WideValues& wide_values_;
    std::vector<checker::Stack> stacks_;  ///< of the entries, then of the allocations
    std::vector<std::string> objects_;
    std::map<EventId, std::size_t> step_of_;
};

std::vector<const CallFrames*> Recording::stacks_by_number() const {
    std::vector<const CallFrames*> stacks(stacks_.size());
    for (const auto& [frames, number] : stacks_) stacks[number] = &frames;
    return stacks;
}

/// What the objects of the entries are called; `next_place` gives those of the allocations.
std::vector<std::string> Recording::objects(std::span<const Entry> entries,
                                            std::span<const CallFrames* const> stacks,
                                            const std::function<std::string()>& next_place) const {
    ObjectNames names;
    for (const auto& [frames, number] : stacks_) names.learn_pointers(frames);
    std::map<std::uintptr_t, BlockOrigin> blocks;
    for (const auto& [begin, allocation] : allocations_) {
        blocks[begin] = {allocation.bytes, next_place()};
        names.learn_allocation(begin, allocation.bytes, *stacks[allocation.stack]);
    }
    std::vector<Mention> mentions;
    for (const Entry& entry : entries) {
        const bool is_on_stack = entry.object.kind == Object::Kind::stack;
        mentions.push_back(
            {entry.object, entry.bytes, is_on_stack ? stacks[entry.owner_stack] : &callers_});
    }
    return words_for(mentions, blocks, names);
}

std::map<std::uintptr_t, std::string> Recording::names_of_atomics(
    const WideValues& wide_values) const {
    std::vector<Entry> operations;
    std::ranges::copy_if(entries_, std::back_inserter(operations), [](const Entry& entry) {
        return entry.kind == Kind::operation && entry.event.is_access();
    });
    const Words words(*this, operations, wide_values);
    std::map<std::uintptr_t, std::string> names;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const std::string& name = words.object(i);
        // An address is another one in the next process.
        names[operations[i].object.address] = name.starts_with("0x") ? "" : name;
    }
    return names;
}

std::vector<Step> Recording::steps(const WideValues& wide_values) const {
    const std::vector<Entry> entries = worth_telling();
    const Words words(*this, entries, wide_values);
    std::vector<Step> steps;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Entry& entry = entries[i];
        Step step;
        step.thread = entry.thread;
        step.object = words.object(i);
        step.place = words.place(i);
        step.note = words.note(entry);
        switch (entry.kind) {
            case Kind::operation:
                step.what = what_of(entry.event);
                if (step.what.empty()) continue;
                if (!entry.part_of.empty())
                    step.what = fmt::format("{}: {}", entry.part_of, step.what);
                if (entry.event.is_access()) step.value = words.value(entry, entry.event.value);
                if (entry.event.is_update()) {
                    step.value = words.value(entry, entry.found) + " -> " + step.value;
                }
                break;
            case Kind::use:
                step.what = fmt::format("plain {} of {} byte{}", entry.is_write ? "write" : "read",
                                        entry.bytes, entry.bytes == 1 ? "" : "s");
                break;
            case Kind::release:
                step.what = "frees";
                break;
            case Kind::leak:
                step.what = "never frees";
                break;
            case Kind::failure:
                step.what = "fails";
                break;
        }
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace parley::rc11
