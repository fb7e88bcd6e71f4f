#pragma once

#include "parley/checker/zeroed_array.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace parley::checker {

/// A list that grows at its end and never moves what is in it: memory is in use up to one chunk,
/// and no growth copies gigabytes. The first chunks are small, each as large as all before it; of
/// the others each has `large_size` elements. Below 2^32 elements one thread may add some while
/// others read those that they know of.
template <class T>
class Chunked {
    static_assert(std::is_trivially_copyable_v<T>);

 public:
    Chunked() { chunks_.reserve(small_count + (std::size_t{1} << 32U) / large_size); }

    std::size_t size() const { return size_; }

    const T& operator[](std::size_t index) const {
        const std::size_t chunk = chunk_of(index);
        return chunks_[chunk][index - begin_of(chunk)];
    }
    T& operator[](std::size_t index) {
        const std::size_t chunk = chunk_of(index);
        return chunks_[chunk][index - begin_of(chunk)];
    }

    /// Adds elements up to `size`, whose bytes are all 0.
    void grow_to(std::size_t size) {
        size_ = std::max(size, size_);
        while (begin_of(chunks_.size()) < size_) chunks_.emplace_back(size_of(chunks_.size()));
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

    std::size_t memory_bytes() const { return begin_of(chunks_.size()) * sizeof(T); }

 private:
    static constexpr std::size_t small_size = std::size_t{1} << 12U;
    static constexpr std::size_t large_size = std::size_t{1} << 18U;
    static constexpr std::size_t small_count = std::bit_width(large_size / small_size);

    static std::size_t chunk_of(std::size_t index) {
        return index < large_size ? static_cast<std::size_t>(std::bit_width(index / small_size))
                                  : small_count - 1 + index / large_size;
    }
    static std::size_t begin_of(std::size_t chunk) {
        if (chunk >= small_count) return (chunk - small_count + 1) * large_size;
        return chunk == 0 ? 0 : small_size << (chunk - 1U);
    }
    static std::size_t size_of(std::size_t chunk) { return begin_of(chunk + 1) - begin_of(chunk); }

    std::vector<ZeroedArray<T>> chunks_;
    std::size_t size_ = 0;
};

}  // namespace parley::checker
