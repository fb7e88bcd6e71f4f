#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

    void set(std::size_t event, Seen seen, ThreadId thread, std::uint32_t count) {
        clock(event, seen)[thread] = count;
    }
    /// `into` of `event` is to cover `from` of `other` as well.
    void join(std::size_t event, Seen into, std::size_t other, Seen from) {
        std::uint32_t* const to = clock(event, into);
        const std::uint32_t* const more = clock(other, from);
        for (std::size_t i = 0; i < stride_; i += group) {
            for (std::size_t k = i; k < i + group; ++k) to[k] = std::max(to[k], more[k]);
        }
    }
    void assign(std::size_t event, Seen into, Seen from) {
        std::copy_n(clock(event, from), stride_, clock(event, into));
    }
    void clear(std::size_t event, Seen seen) { std::fill_n(clock(event, seen), stride_, 0U); }
    /// All that the thread of `event` has seen with its event before, `other`.
    void continue_from(std::size_t event, std::size_t other) {
        std::copy_n(clock(other, Seen::happens_before), kinds_of_thread * stride_,
                    clock(event, Seen::happens_before));
    }
    /// The first one of its thread: it has seen nothing.
    void begin(std::size_t event) {
        std::fill_n(clock(event, Seen::happens_before), kinds_of_thread * stride_, 0U);
    }

    void widen(std::size_t width) {
        if (width <= width_) return;
        width_ = width;
        if (width > stride_) set_stride((width + group - 1) / group * group);
    }
    /// Makes room for `events` events.
    void reserve(std::size_t events) {
        if (events * seen_kinds * stride_ <= data_.size()) return;
        data_.resize(2 * events * seen_kinds * stride_, 0);
    }
    /// Forgets all of them.
    void restart(std::size_t width) {
        width_ = 0;
        widen(width);
    }
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
            std::copy_n(from, seen_kinds * stride_, to);
            return;
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

    void set_stride(std::size_t stride) {
        std::vector<std::uint32_t> data(data_.size() / std::max(stride_, std::size_t{1}) * stride,
                                        0);
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
    std::vector<std::uint32_t> data_;
};

}  // namespace parley::rc11
