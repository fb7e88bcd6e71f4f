#pragma once

#include "parley/checker/require.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace parley::tests {

/// A binary relation over at most 64 events as a matrix of bits.
class Relation {
 public:
    explicit Relation(std::size_t size) : size_(size) {
        checker::require(size <= 64, "a naive graph has at most 64 events");
    }

    void add(std::size_t from, std::size_t to) { rows_[from] |= bit(to); }
    bool has(std::size_t from, std::size_t to) const { return (rows_[from] & bit(to)) != 0; }

    friend Relation operator|(Relation a, const Relation& b) {
        for (std::size_t i = 0; i < a.size_; ++i) a.rows_[i] |= b.rows_[i];
        return a;
    }
    friend Relation operator&(Relation a, const Relation& b) {
        for (std::size_t i = 0; i < a.size_; ++i) a.rows_[i] &= b.rows_[i];
        return a;
    }
    /// Composition: a;b.
    friend Relation operator*(const Relation& a, const Relation& b) {
        Relation result(a.size_);
        for (std::size_t i = 0; i < a.size_; ++i) {
            for (std::uint64_t row = a.rows_[i]; row != 0; row &= row - 1) {
                result.rows_[i] |= b.rows_[static_cast<std::size_t>(std::countr_zero(row))];
            }
        }
        return result;
    }

    Relation inverse() const {
        Relation result(size_);
        for (std::size_t i = 0; i < size_; ++i) {
            for (std::size_t j = 0; j < size_; ++j) {
                if (has(i, j)) result.add(j, i);
            }
        }
        return result;
    }
    Relation optional() const {
        Relation result = *this;
        for (std::size_t i = 0; i < size_; ++i) result.add(i, i);
        return result;
    }
    Relation closure() const {
        Relation result = *this;
        for (std::size_t k = 0; k < size_; ++k) {
            for (std::size_t i = 0; i < size_; ++i) {
                if (result.has(i, k)) result.rows_[i] |= result.rows_[k];
            }
        }
        return result;
    }
    bool is_irreflexive() const {
        for (std::size_t i = 0; i < size_; ++i) {
            if (has(i, i)) return false;
        }
        return true;
    }
    bool is_acyclic() const { return closure().is_irreflexive(); }
    bool is_empty() const {
        for (std::size_t i = 0; i < size_; ++i) {
            if (rows_[i] != 0) return false;
        }
        return true;
    }

    /// The pairs for which `holds`.
    static Relation where(std::size_t size, auto&& holds) {
        Relation result(size);
        for (std::size_t i = 0; i < size; ++i) {
            for (std::size_t j = 0; j < size; ++j) {
                if (holds(i, j)) result.add(i, j);
            }
        }
        return result;
    }
    /// [S]: the identity on the events for which `holds`.
    static Relation identity(std::size_t size, auto&& holds) {
        return where(size, [&](std::size_t i, std::size_t j) { return i == j && holds(i); });
    }

 private:
    static std::uint64_t bit(std::size_t i) { return std::uint64_t{1} << i; }

    std::size_t size_;
    std::array<std::uint64_t, 64> rows_{};
};

}  // namespace parley::tests
