#pragma once

#include "parley/checker/chunked.hpp"
#include "parley/checker/hash_index.hpp"
#include "parley/checker/mix.hpp"
#include "parley/checker/require.hpp"

#include <cstddef>
#include <cstdint>

namespace parley::checker {

/// Two numbers that belong together.
struct NumberPair {
    std::uint32_t first = 0;
    std::uint32_t second = 0;

    bool operator==(const NumberPair&) const = default;

    std::uint64_t hash() const { return mix((std::uint64_t{first} << 32U) | second); }
};

/// Keys, each once, numbered from 0 in the order in which they came. A `Key` is a few numbers with
/// `==` and `hash()`.
template <class Key>
class NumberTable {
 public:
    using Id = HashIndex::Id;

    std::size_t size() const { return keys_.size(); }

    Id number_of(const Key& key) {
        require(size() < HashIndex::none, "there are fewer than 2^32 states");
        const auto candidate = static_cast<Id>(size());
        const Id id = index_.find_or_insert(key.hash(), candidate,
                                            [&](Id other) { return keys_[other] == key; });
        if (id == candidate) keys_.push_back(key);
        return id;
    }

    const Key& operator[](Id id) const { return keys_[id]; }
    /// What does not count in `==` and `hash()` may be changed.
    Key& operator[](Id id) { return keys_[id]; }

    /// Makes a number_of() that comes soon not wait for the memory of the index.
    void prefetch_index(std::uint64_t hash) const { index_.prefetch(hash); }
    /// Makes operator[] not wait.
    void prefetch(Id id) const { __builtin_prefetch(&keys_[id]); }

    /// See snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        keys_.transfer(archive);
        if constexpr (Archive::is_reading) {
            index_ = {};
            for (std::size_t i = 0; i < keys_.size(); ++i) {
                index_.find_or_insert(keys_[i].hash(), static_cast<Id>(i),
                                      [](Id) { return false; });
            }
        }
    }

    std::size_t growth_bytes() const { return index_.growth_bytes(); }
    std::size_t memory_bytes() const { return keys_.memory_bytes() + index_.memory_bytes(); }

 private:
    Chunked<Key> keys_;
    HashIndex index_;
};

}  // namespace parley::checker
