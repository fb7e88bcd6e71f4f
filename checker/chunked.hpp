#pragma once

#include "parley/checker/require.hpp"
#include "parley/checker/zeroed_array.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace parley::checker {

/// A list that grows at its end and never moves what is in it: no growth copies gigabytes. Each
/// chunk is as large as all before it; what has not been written of it takes no memory. One thread
/// may add some while others read those that they know of.
template <class T>
class Chunked {
    static_assert(std::is_trivially_copyable_v<T>);

 public:
    std::size_t size() const { return size_; }

    const T& operator[](std::size_t index) const { return *place_of(index); }
    T& operator[](std::size_t index) { return *place_of(index); }

    /// Adds elements up to `size`, whose bytes are all 0.
    void grow_to(std::size_t size) {
        size_ = std::max(size, size_);
        while (begin_of(chunks_.size()) < size_) {
            require(chunks_.size() < chunks_max, "a list fits the address space");
            const std::size_t chunk = chunks_.size();
            chunks_.emplace_back(size_of(chunk));
            places_[chunk] = {chunks_[chunk].data(), begin_of(chunk)};
        }
    }

    void push_back(const T& value) {
        const std::size_t index = size_;
        grow_to(size_ + 1);
        (*this)[index] = value;
    }

    /// See snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        if constexpr (Archive::is_reading) {
            const std::size_t size = archive.count(sizeof(T));
            chunks_.clear();
            size_ = 0;
            grow_to(size);
        } else {
            archive(std::uint64_t{size_});
        }
        for (std::size_t chunk = 0; begin_of(chunk) < size_; ++chunk) {
            const std::size_t count = std::min(size_of(chunk), size_ - begin_of(chunk));
            archive.raw(chunks_[chunk].data(), count * sizeof(T));
        }
    }

    /// What is in use, as it grows: up to a step.
    std::size_t memory_bytes() const {
        if (size_ == 0) return 0;
        const std::size_t count = size_ <= step ? std::max(first_size, std::bit_ceil(size_))
                                                : (size_ + step - 1) / step * step;
        return count * sizeof(T);
    }

 private:
    static constexpr std::size_t first_bits = 12;
    static constexpr std::size_t first_size = std::size_t{1} << first_bits;
    static constexpr std::size_t step = std::size_t{1} << 18U;
    static constexpr std::size_t chunks_max = 48 - first_bits;

    /// A chunk, and the number of its first element.
    struct Place {
        T* items = nullptr;
        std::size_t begin = 0;
    };

    static std::size_t begin_of(std::size_t chunk) {
        return chunk == 0 ? 0 : first_size << (chunk - 1);
    }
    static std::size_t size_of(std::size_t chunk) { return begin_of(chunk + 1) - begin_of(chunk); }

    T* place_of(std::size_t index) const {
        const auto bits = static_cast<std::size_t>(std::bit_width(index | (first_size - 1)));
        const Place& chunk = places_[bits - first_bits];
        return chunk.items + (index - chunk.begin);
    }

    std::vector<ZeroedArray<T>> chunks_;
    std::array<Place, chunks_max> places_{};  ///< by chunk
    std::size_t size_ = 0;
};

}  // namespace parley::checker
