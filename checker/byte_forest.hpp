#pragma once

#include "parley/checker/dictionary.hpp"
#include "parley/checker/number_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace parley::checker {

/// Byte strings, each once. A long one is a tree of pairs over pieces of it, and each piece and
/// pair is there once: strings of the same size that differ in few places have most of their trees
/// in common. Both halves of a tree are as large as can be, so that each has few values; the pair
/// of them is the string's number, and who asks keeps it. What is as in the long string that was
/// asked for before is not looked up again.
///
/// Source: Laarman, van de Pol and Weber, "Parallel recursive state compression for free", SPIN
/// 2011. We differ in that all levels share one table of pairs.
class ByteForest {
 public:
    using Id = HashIndex::Id;

    /// Its number among the strings of the same size.
    NumberPair number_of(std::span<const std::byte> bytes) {
        if (bytes.size() <= piece_bytes) return {pieces_.number_of(bytes), 0};
        take_shape_of(bytes.size());
        for (std::size_t i = 0; i < piece_count(); ++i) {
            const auto piece = piece_of(bytes, i);
            is_changed_[i] = !is_known_ || !are_same(piece, piece_of(std::span{text_}, i));
            if (is_changed_[i]) numbers_[i] = pieces_.number_of(piece);
        }
        std::ranges::copy(bytes, text_.begin());
        for (std::size_t i = 0; i + 1 < nodes_.size(); ++i) {
            const auto [first, second] = nodes_[i];
            const bool is_changed = is_changed_[first] || is_changed_[second];
            is_changed_[piece_count() + i] = is_changed;
            if (is_changed) numbers_[piece_count() + i] = pairs_.number_of(pair_at(i));
        }
        is_known_ = true;
        return pair_at(nodes_.size() - 1);
    }

    /// The string of a size that has this number, valid until the next call.
    std::span<const std::byte> bytes_of(NumberPair number, std::size_t size) {
        if (size <= piece_bytes) return pieces_[number.first];
        take_shape_of(size);
        for (std::size_t i = nodes_.size(); i-- > 0;) {
            const bool is_root = i + 1 == nodes_.size();
            const bool is_changed = is_root || is_changed_[piece_count() + i];
            NumberPair pair = pair_at(i);
            if (is_changed) pair = is_root ? number : pairs_[numbers_[piece_count() + i]];
            take(nodes_[i].first, pair.first);
            take(nodes_[i].second, pair.second);
        }
        for (std::size_t i = 0; i < piece_count(); ++i) {
            if (!is_changed_[i]) continue;
            std::ranges::copy(pieces_[numbers_[i]], piece_of(std::span{text_}, i).begin());
        }
        is_known_ = true;
        return text_;
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
    static constexpr std::size_t piece_bytes = 16;

    std::size_t piece_count() const { return (text_.size() + piece_bytes - 1) / piece_bytes; }

    template <class Byte>
    static std::span<Byte> piece_of(std::span<Byte> text, std::size_t index) {
        const std::size_t begin = index * piece_bytes;
        return text.subspan(begin, std::min(piece_bytes, text.size() - begin));
    }

    void take_shape_of(std::size_t size) {
        if (text_.size() == size) return;
        text_.assign(size, std::byte{});
        nodes_.clear();
        divide(0, piece_count());
        numbers_.assign(piece_count() + nodes_.size(), HashIndex::none);
        is_changed_.assign(piece_count() + nodes_.size(), false);
        is_known_ = false;
    }

    /// Plans the tree over some pieces. Returns the place of what is at its top.
    std::size_t divide(std::size_t begin, std::size_t end) {
        if (end - begin == 1) return begin;
        const std::size_t middle = (begin + end + 1) / 2;
        const std::size_t first = divide(begin, middle);
        nodes_.emplace_back(first, divide(middle, end));
        return piece_count() + nodes_.size() - 1;
    }

    NumberPair pair_at(std::size_t node) const {
        return {numbers_[nodes_[node].first], numbers_[nodes_[node].second]};
    }

    void take(std::size_t place, Id number) {
        is_changed_[place] = std::exchange(numbers_[place], number) != number;
    }

    Dictionary pieces_;  ///< and the short strings
    NumberTable<NumberPair> pairs_;
    // The long string before, and by place the numbers of its pieces and then of its pairs. Of a
    // node it is known where its two parts are; the last one is the root, which has no number.
    std::vector<std::byte> text_;
    std::vector<std::pair<std::size_t, std::size_t>> nodes_;
    std::vector<Id> numbers_;
    std::vector<std::uint8_t> is_changed_;  ///< by place, since the string before
    bool is_known_ = false;                 ///< there is one of this shape
};

}  // namespace parley::checker
