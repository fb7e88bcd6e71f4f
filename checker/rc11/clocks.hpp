#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// What each event has seen: for each thread, how many of its first events.
enum class Seen : std::uint8_t {
    happens_before,  ///< hb, the event itself included
    porf,            ///< (program order or reads-from)+, the event itself included
    pending,         ///< what the thread gets at its next acquire fence
    fenced,          ///< hb at the thread's last release fence
    released,        ///< of a write, and of nothing else: what its reader gets when it acquires
};
inline constexpr std::size_t seen_kinds = 5;

using ConstClock = std::span<const std::uint32_t>;

/// The vector clocks of a graph's events in one array. All have the same width; it grows when a
/// thread with a higher number appears. A clock takes up a whole number of groups of four, so that
/// loops over them have no remainder, and most new threads find room.
class Clocks {
 public:
    ConstClock at(std::size_t event, Seen seen) const { return {clock(event, seen), width_}; }

    /// `event` is number `count` of its thread, and has seen itself.
    void count(std::size_t event, ThreadId thread, std::uint32_t count) {
        std::uint32_t* const own = clock(event, Seen::happens_before) + thread;
        own[0] = count;
        own[static_cast<std::size_t>(Seen::porf) * stride_] = count;
    }
    /// `into` of `event` is to cover `from` of `other` as well.
    void join(std::size_t event, Seen into, std::size_t other, Seen from) {
        std::uint32_t* const to = clock(event, into);
        const std::uint32_t* const more = clock(other, from);
        join_group(to, more);
        for (std::size_t i = group; i < stride_; i += group) join_group(to + i, more + i);
    }
    void assign(std::size_t event, Seen into, Seen from) {
        copy<1>(clock(event, from), clock(event, into));
    }
    void clear(std::size_t event, Seen seen) { clear<1>(clock(event, seen)); }
    /// All that the thread of `event` has seen with its event before, `other`.
    void continue_from(std::size_t event, std::size_t other) {
        copy<kinds_of_thread>(clock(other, Seen::happens_before),
                              clock(event, Seen::happens_before));
    }
    /// The first one of its thread: it has seen nothing.
    void begin(std::size_t event) { clear<kinds_of_thread>(clock(event, Seen::happens_before)); }

    /// How many threads they are of.
    std::size_t width() const { return width_; }
    void widen(std::size_t width) {
        if (width <= width_) return;
        width_ = width;
        if (width > stride_) set_stride((width + group - 1) / group * group);
    }
    /// Makes room for `events` events.
    void reserve(std::size_t events) {
        if (events <= room_) return;
        room_ = 2 * events;
        data_.resize(room_ * seen_kinds * stride_, 0);
    }
    /// Forgets all of them.
    void restart() { width_ = 0; }
    /// Clocks of events that have been taken out.
    struct Copies {
        std::size_t stride = 0;
        std::vector<std::uint32_t> words;
    };
    /// Those of all events from number `first` on, of `events`.
    void copy_to(Copies& copies, std::size_t first, std::size_t events) const {
        const std::uint32_t* const begin = clock(first, Seen::happens_before);
        copies.stride = stride_;
        copies.words.assign(begin, begin + (events - first) * seen_kinds * stride_);
    }
    /// Gives `event` those of the `index`-th one that was copied.
    void copy_from(const Copies& copies, std::size_t index, std::size_t event) {
        const std::uint32_t* from = copies.words.data() + index * seen_kinds * copies.stride;
        std::uint32_t* to = clock(event, Seen::happens_before);
        if (copies.stride == stride_) {
            return copy<seen_kinds>(from, to);
        }
        for (std::size_t kind = 0; kind < seen_kinds; ++kind) {
            std::fill(std::copy_n(from, copies.stride, to), to + stride_, 0U);
            from += copies.stride;
            to += stride_;
        }
    }

 private:
    static constexpr std::size_t group = 4;
    static constexpr std::size_t kinds_of_thread = 4;  ///< those before Seen::released

    static void join_group(std::uint32_t* to, const std::uint32_t* more) {
        // Of its own, so that the compiler knows that the two do not overlap.
        std::array<std::uint32_t, group> joined;
        for (std::size_t k = 0; k < group; ++k) joined[k] = std::max(to[k], more[k]);
        std::memcpy(to, joined.data(), sizeof joined);
    }

    // Of so many clocks. Nearly always they are of four threads at most: then the compiler knows
    // how many bytes that are.
    template <std::size_t clocks>
    void copy(const std::uint32_t* from, std::uint32_t* to) const {
        if (stride_ == group) {
            std::memcpy(to, from, clocks * group * sizeof *to);
        } else {
            std::copy_n(from, clocks * stride_, to);
        }
    }
    template <std::size_t clocks>
    void clear(std::uint32_t* to) const {
        if (stride_ == group) {
            std::memset(to, 0, clocks * group * sizeof *to);
        } else {
            std::fill_n(to, clocks * stride_, 0U);
        }
    }

    void set_stride(std::size_t stride) {
        std::vector<std::uint32_t> data(room_ * seen_kinds * stride, 0);
        for (std::size_t i = 0; i < data_.size(); ++i) {
            data[i / stride_ * stride + i % stride_] = data_[i];
        }
        data_ = std::move(data);
        stride_ = stride;
    }
    std::size_t offset(std::size_t event, Seen seen) const {
        return (event * seen_kinds + static_cast<std::size_t>(seen)) * stride_;
    }
    std::uint32_t* clock(std::size_t event, Seen seen) {
        return data_.data() + offset(event, seen);
    }
    const std::uint32_t* clock(std::size_t event, Seen seen) const {
        return data_.data() + offset(event, seen);
    }

    std::size_t width_ = 0;
    std::size_t stride_ = 0;
    std::size_t room_ = 0;  ///< for so many events
    std::vector<std::uint32_t> data_;
};

}  // namespace parley::rc11
