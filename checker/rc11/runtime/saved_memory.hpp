#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

namespace parley::rc11 {

/// Pieces of memory as they were, to be put back to where they were.
class SavedMemory {
 public:
    void clear() {
        pieces_.clear();
        bytes_.clear();
    }
    void add(std::span<const std::byte> piece) {
        pieces_.push_back(piece);
        bytes_.insert(bytes_.end(), piece.begin(), piece.end());
    }
    void put_back() const {
        const std::byte* from = bytes_.data();
        for (const std::span<const std::byte> piece : pieces_) {
            std::memcpy(const_cast<std::byte*>(piece.data()), from, piece.size());
            from += piece.size();
        }
    }
    std::size_t bytes() const { return bytes_.size(); }
    /// Of the piece that was added first.
    std::size_t first_bytes() const { return pieces_.front().size(); }

 private:
    std::vector<std::span<const std::byte>> pieces_;
    std::vector<std::byte> bytes_;
};

}  // namespace parley::rc11
