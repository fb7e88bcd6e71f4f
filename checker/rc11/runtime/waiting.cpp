#include "parley/checker/rc11/runtime/runtime.hpp"

#include <algorithm>
#include <bit>

// How it is found that code under check waits for what another thread does.

namespace parley::rc11 {

namespace {

/// FNV-1a.
std::uint64_t digest(std::uint64_t start, std::uintptr_t begin, std::uintptr_t end) {
    std::uint64_t hash = start ^ 0xcbf29ce484222325U;
    for (std::uintptr_t at = begin; at < end; ++at) {
        hash = (hash ^ *reinterpret_cast<const unsigned char*>(at)) * 0x100000001b3U;
    }
    return hash;
}

}  // namespace

void Runtime::block_until_newer(Stretch reads) {
    self().waits_for = reads;
    self().is_waiting = true;
    const bool is_on_last = reads.begin != reads.end && reads.end == events_of_self() &&
                            graph_->at(self().last).is_read();
    block(is_on_last ? Wait::on_last_read : Wait::for_good);
}

void Runtime::block_on_last_read() {
    std::uint32_t last = events_of_self() - 1;
    while (next_read(current_, last, last + 1) != last) --last;
    block_until_newer({last, last + 1});
}

std::uint32_t Runtime::next_read(ThreadId thread, std::uint32_t index, std::uint32_t end) const {
    const auto only_reads = [&](const Event& event) {
        return event.is_read() &&
               (!does_write(event.operation, event.value) || changes_nothing(event));
    };
    while (index < end && !only_reads(graph_->at(graph_->thread(thread)[index]))) ++index;
    return index;
}

EventId Runtime::origin_of(EventId write) const {
    while (write != initial && graph_->at(write).is_update()) {
        const Event& read = graph_->read_of(graph_->at(write));
        if (!changes_nothing(read)) break;
        write = read.source;
    }
    return write;
}

bool Runtime::are_same_reads(Stretch first, Stretch second) const {
    while (true) {
        first.begin = next_read(current_, first.begin, first.end);
        second.begin = next_read(current_, second.begin, second.end);
        if (first.begin == first.end || second.begin == second.end) {
            return first.begin == first.end && second.begin == second.end;
        }
        const Event& one = graph_->at(graph_->thread(current_)[first.begin++]);
        const Event& other = graph_->at(graph_->thread(current_)[second.begin++]);
        if (one.operation.location != other.operation.location ||
            origin_of(one.source) != origin_of(other.source)) {
            return false;
        }
    }
}

/// Where a loop is entered is not known: its place is sought anew each time that twice as much has
/// been read (Brent, An improved Monte Carlo factorization algorithm, BIT 1980).
bool Runtime::is_sought_at(Thread& thread, const void* place) {
    if (std::has_single_bit(thread.reads_in_a_row)) thread.spins_at = place;
    return thread.spins_at == place;
}

/// Whatever others do to objects on the stack of a thread, and when, is not that thread's doing: in
/// between two hints it has read nothing of it, or it has read something else than before.
void Runtime::Seldom::note_foreign(std::uintptr_t address, std::size_t bytes) {
    const auto is_it = [&](const Undo& each) {
        return each.address == address && each.bytes == bytes;
    };
    if (std::ranges::any_of(foreign, is_it)) return;
    const auto* const begin = reinterpret_cast<const std::byte*>(address);
    foreign.push_back({address, bytes, foreign_bytes.size()});
    foreign_bytes.insert(foreign_bytes.end(), begin, begin + bytes);
}

void Runtime::Seldom::swap_foreign() {
    std::ranges::reverse(foreign);
    for (const Undo& each : foreign) {
        std::swap_ranges(foreign_bytes.data() + each.place,
                         foreign_bytes.data() + each.place + each.bytes,
                         reinterpret_cast<std::byte*>(each.address));
    }
}

void Runtime::Seldom::forget_foreign() {
    foreign.clear();
    foreign_bytes.clear();
}

void Runtime::hint_waiting(std::uintptr_t stack, std::uint64_t registers, Hint hint) {
    const Outside outside;
    if (keeps_states_ && !std::exchange(watches_hints_, true)) start_over();
    Thread& thread = self();
    const std::uint64_t state = digest(registers, stack, fiber().stack_end());
    const Stretch reads{thread.before_hint.end, events_of_self()};
    const bool has_read = next_read(current_, reads.begin, reads.end) != reads.end;
    if (!thread.has_written && !has_read) return hint_idling(state);
    if (!thread.has_written && are_same_reads(reads, thread.before_hint)) {
        std::uint64_t own = state;
        if (thread.seldom != nullptr && !thread.seldom->foreign.empty()) {
            thread.seldom->swap_foreign();
            own = digest(registers, stack, fiber().stack_end());
            thread.seldom->swap_foreign();
        }
        if (own == thread.state_before) block_until_newer(reads);
    }
    thread.before_hint = reads;
    thread.state_before = state;
    if (thread.seldom != nullptr) thread.seldom->forget_foreign();
    thread.has_written = false;
    thread.idle_hints = 0;
    if (hint == Hint::given) thread.reads_in_a_row = 0;
}

/// Between the last two times it has done nothing but what it is about to do again.
void Runtime::hint_repeating(std::uintptr_t stack, std::uint64_t registers) {
    const Outside outside;
    Thread& thread = self();
    const std::uint64_t state = digest(registers, stack, fiber().stack_end());
    const Stretch reads{thread.repeats_from, events_of_self()};
    const bool is_same = thread.before_repeat.end == reads.begin &&
                         state == thread.state_repeated &&
                         are_same_reads(reads, thread.before_repeat);
    if (is_same) block_until_newer(reads);
    thread.before_repeat = reads;
    thread.state_repeated = state;
}

/// A loop may hint more than once before it reads again. One that never does waits for nothing; its
/// states are compared as in may_spin_at().
void Runtime::hint_idling(std::uint64_t state) {
    Thread& thread = self();
    if (thread.idle_hints > 0 && thread.idle_state == state) block_until_newer({});
    if (std::has_single_bit(++thread.idle_hints)) thread.idle_state = state;
}

}  // namespace parley::rc11
