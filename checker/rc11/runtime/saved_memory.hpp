#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace parley::rc11 {

/// Pieces of memory as they were, to be put back to where they were. All of them are noted before
/// they are copied, so that there is room for them and one loop copies.
class SavedMemory {
 public:
    void clear() {
        pieces_.clear();
        bytes_ = 0;
    }
    void note(std::span<const std::byte> piece) {
        if (piece.empty()) return;
        pieces_.push_back(piece);
        bytes_ += piece.size();
    }
    void copy() {
        if (bytes_ > capacity_) {
            capacity_ = 2 * bytes_;
            copies_ = std::make_unique_for_overwrite<std::byte[]>(capacity_);
        }
        std::byte* to = copies_.get();
        for (const std::span<const std::byte> piece : pieces_) {
            std::memcpy(to, piece.data(), piece.size());
            to += piece.size();
        }
    }
    void put_back() const {
        const std::byte* from = copies_.get();
        for (const std::span<const std::byte> piece : pieces_) {
            std::memcpy(const_cast<std::byte*>(piece.data()), from, piece.size());
            from += piece.size();
        }
    }
    std::size_t bytes() const { return bytes_; }
    /// Of the piece that was noted first.
    std::size_t first_bytes() const { return pieces_.front().size(); }

 private:
    std::vector<std::span<const std::byte>> pieces_;
    std::unique_ptr<std::byte[]> copies_;  ///< one after another
    std::size_t bytes_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace parley::rc11
