#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// Pieces of memory as they were, to be put back to where they were.
class SavedMemory {
 public:
    void clear() {
        pieces_.clear();
        bytes_ = 0;
    }
    void add(std::span<const std::byte> piece) {
        if (piece.empty()) return;
        if (bytes_ + piece.size() > capacity_) grow(bytes_ + piece.size());
        std::memcpy(copies_.get() + bytes_, piece.data(), piece.size());
        pieces_.push_back(piece);
        bytes_ += piece.size();
    }
    void put_back() const {
        const std::byte* from = copies_.get();
        for (const std::span<const std::byte> piece : pieces_) {
            std::memcpy(const_cast<std::byte*>(piece.data()), from, piece.size());
            from += piece.size();
        }
    }
    std::size_t bytes() const { return bytes_; }
    /// Of the piece that was added first.
    std::size_t first_bytes() const { return pieces_.front().size(); }

 private:
    void grow(std::size_t bytes) {
        capacity_ = 2 * bytes;
        auto copies = std::make_unique_for_overwrite<std::byte[]>(capacity_);
        if (bytes_ > 0) std::memcpy(copies.get(), copies_.get(), bytes_);
        copies_ = std::move(copies);
    }

    std::vector<std::span<const std::byte>> pieces_;
    std::unique_ptr<std::byte[]> copies_;  ///< one after another
    std::size_t bytes_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace parley::rc11
