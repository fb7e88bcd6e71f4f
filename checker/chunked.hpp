#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace parley::checker {

/// A list that grows at its end and never moves what is in it: memory is in use up to one chunk,
/// and no growth copies gigabytes.
template <class T>
class Chunked {
 public:
    std::size_t size() const { return size_; }

    const T& operator[](std::size_t index) const {
        return chunks_[index / chunk_size][index % chunk_size];
    }

    void push_back(const T& value) {
        if (size_ == chunks_.size() * chunk_size) {
            chunks_.push_back(std::make_unique_for_overwrite<T[]>(chunk_size));
        }
        chunks_[size_ / chunk_size][size_ % chunk_size] = value;
        ++size_;
    }

    std::size_t memory_bytes() const { return chunks_.size() * chunk_size * sizeof(T); }

 private:
    static constexpr std::size_t chunk_size = std::size_t{1} << 12U;

    std::vector<std::unique_ptr<T[]>> chunks_;
    std::size_t size_ = 0;
};

}  // namespace parley::checker
