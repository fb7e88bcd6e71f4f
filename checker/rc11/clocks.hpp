#pragma once

#include "parley/checker/rc11/operation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley::rc11 {

/// What each event has seen: for each thread, how many of its first events.
enum class Seen : std::uint8_t {
    happens_before,  ///< hb, the event itself included
    porf,            ///< (program order or reads-from)+, the event itself included
    released,        ///< of a write: what its reader gets when it acquires
    pending,         ///< what the thread gets at its next acquire fence
    fenced,          ///< hb at the thread's last release fence
};
inline constexpr std::size_t seen_kinds = 5;

using Clock = std::span<std::uint32_t>;
using ConstClock = std::span<const std::uint32_t>;

inline void join(Clock into, ConstClock from) {
    for (std::size_t i = 0; i < from.size(); ++i) into[i] = std::max(into[i], from[i]);
}

inline void assign(Clock into, ConstClock from) {
    std::ranges::copy(from, into.begin());
}

/// The vector clocks of a graph's events in one array. All have the same width; it grows when a
/// thread with a higher number appears.
class Clocks {
 public:
    std::size_t width() const { return width_; }

    ConstClock at(std::size_t event, Seen seen) const {
        return {data_.data() + offset(event, seen), width_};
    }
    Clock at(std::size_t event, Seen seen) { return {data_.data() + offset(event, seen), width_}; }

    void widen(std::size_t width) {
        if (width <= width_) return;
        std::vector<std::uint32_t> data(width_ == 0 ? 0 : data_.size() / width_ * width, 0);
        for (std::size_t i = 0; i < data_.size(); ++i) {
            data[i / width_ * width + i % width_] = data_[i];
        }
        data_ = std::move(data);
        width_ = width;
    }
    /// Makes room for `events` events; the clocks of new ones are empty.
    void resize(std::size_t events) { data_.resize(events * seen_kinds * width_, 0); }
    /// Appends the clocks of `count` events of another graph, of the same width.
    void append(const Clocks& from, std::size_t event, std::size_t count) {
        const std::size_t words = seen_kinds * width_;
        const auto begin = from.data_.begin() + static_cast<std::ptrdiff_t>(event * words);
        data_.insert(data_.end(), begin, begin + static_cast<std::ptrdiff_t>(count * words));
    }
    void clear(std::size_t width) {
        data_.clear();
        width_ = width;
    }

 private:
    std::size_t offset(std::size_t event, Seen seen) const {
        return (event * seen_kinds + static_cast<std::size_t>(seen)) * width_;
    }

    std::size_t width_ = 0;
    std::vector<std::uint32_t> data_;
};

}  // namespace parley::rc11
