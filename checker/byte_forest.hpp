#pragma once

#include "parley/checker/dictionary.hpp"
#include "parley/checker/number_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parley::checker {

/// Byte strings, each once. A long one is a tree of pairs over pieces of it, and each piece and
/// pair is there once: strings of the same size that differ in few places have most of their trees
/// in common. What is as in the long string that was asked for before is not looked up again.
///
/// Source: Laarman, van de Pol and Weber, "Parallel recursive state compression for free", SPIN
/// 2011. We differ in that all levels share one table of pairs.
class ByteForest {
 public:
    using Id = HashIndex::Id;

    /// Its number among the strings of the same size.
    Id number_of(std::span<const std::byte> bytes) {
        if (bytes.size() <= piece_bytes) return pieces_.number_of(bytes);
        take_shape_of(bytes.size());
        next_.assign(text_.size(), std::byte{});
        std::ranges::copy(bytes, next_.begin());
        next_.swap(text_);
        for (std::size_t i = 0; i < levels_[0].size(); ++i) {
            is_changed_[i] = !std::ranges::equal(piece_of(text_, i), piece_of(next_, i));
            if (is_changed_[i] || !is_known_) levels_[0][i] = pieces_.number_of(piece_of(text_, i));
        }
        for (std::size_t level = 1; level < levels_.size(); ++level) join(level);
        is_known_ = true;
        return levels_.back()[0];
    }

    /// The string of a size that has this number, valid until the next call.
    std::span<const std::byte> bytes_of(Id number, std::size_t size) {
        if (size <= piece_bytes) return pieces_[number];
        take_shape_of(size);
        is_changed_[0] = levels_.back()[0] != number;
        levels_.back()[0] = number;
        for (std::size_t level = levels_.size(); --level > 0;) divide(level);
        for (std::size_t i = 0; i < levels_[0].size(); ++i) {
            if (is_known_ && !is_changed_[i]) continue;
            std::ranges::copy(pieces_[levels_[0][i]], piece_of(text_, i).begin());
        }
        is_known_ = true;
        return std::span{text_}.first(size);
    }

    /// See snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        pieces_.transfer(archive);
        pairs_.transfer(archive);
    }

    std::size_t growth_bytes() const { return pairs_.growth_bytes(); }
    std::size_t memory_bytes() const { return pieces_.memory_bytes() + pairs_.memory_bytes(); }

 private:
    using Level = std::vector<Id>;
    static constexpr std::size_t piece_bytes = 128;

    static std::span<std::byte> piece_of(std::vector<std::byte>& text, std::size_t index) {
        return std::span{text}.subspan(index * piece_bytes, piece_bytes);
    }

    void take_shape_of(std::size_t size) {
        const std::size_t pieces = pairs_for(size, 2 * piece_bytes);
        if (!levels_.empty() && levels_[0].size() == pieces) return;
        levels_.clear();
        for (std::size_t width = pieces; width > 2; width = pairs_for(width, 4)) {
            levels_.emplace_back(width);
        }
        levels_.emplace_back(2);
        levels_.emplace_back(1);
        is_changed_.assign(pieces, 0);
        text_.assign(pieces * piece_bytes, std::byte{});
        is_known_ = false;
    }
    /// The least even number of parts for `size`, of which two take `size_of_two`.
    static std::size_t pairs_for(std::size_t size, std::size_t size_of_two) {
        return (size + size_of_two - 1) / size_of_two * 2;
    }

    /// Numbers the pairs of the level below.
    void join(std::size_t level) {
        const Level& parts = levels_[level - 1];
        for (std::size_t i = 0; i < parts.size() / 2; ++i) {
            Id& whole = levels_[level][i];
            const bool is_as_before = is_known_ && !is_changed_[2 * i] && !is_changed_[2 * i + 1];
            const Id before = whole;
            if (!is_as_before) whole = pairs_.number_of({parts[2 * i], parts[2 * i + 1]});
            is_changed_[i] = whole != before;
        }
    }

    /// Finds what the pairs of a level are.
    void divide(std::size_t level) {
        Level& parts = levels_[level - 1];
        for (std::size_t i = parts.size() / 2; i-- > 0;) {
            const bool is_as_before = is_known_ && !is_changed_[i];
            const NumberPair before{parts[2 * i], parts[2 * i + 1]};
            const NumberPair pair = is_as_before ? before : pairs_[levels_[level][i]];
            parts[2 * i] = pair.first;
            parts[2 * i + 1] = pair.second;
            is_changed_[2 * i] = pair.first != before.first;
            is_changed_[2 * i + 1] = pair.second != before.second;
        }
    }

    Dictionary pieces_;  ///< and the short strings
    NumberTable<NumberPair> pairs_;
    // The long string before: its bytes, and by level the numbers of its pieces and pairs. Each
    // level but the last one has an even size.
    std::vector<std::byte> text_;
    std::vector<Level> levels_;
    bool is_known_ = false;                 ///< there is one of this shape
    std::vector<std::uint8_t> is_changed_;  ///< by place in the level that is looked at
    std::vector<std::byte> next_;
};

}  // namespace parley::checker
