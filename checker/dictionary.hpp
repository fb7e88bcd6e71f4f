#pragma once

#include "parley/checker/hash_index.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace parley::checker {

/// Whether two byte strings are the same one. (Of the standard library only memcmp() compares more
/// than one std::byte at a time.)
inline bool are_same(std::span<const std::byte> a, std::span<const std::byte> b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// Byte strings, each once, numbered from 0 in the order in which they came.
class Dictionary {
 public:
    using Id = HashIndex::Id;

    Id number_of(std::span<const std::byte> bytes) {
        const auto candidate = static_cast<Id>(ends_.size());
        const Id id = index_.find_or_insert(
            hash(bytes), candidate, [&](Id other) { return are_same((*this)[other], bytes); });
        if (id == candidate) {
            make_room(arena_, bytes.size());
            make_room(ends_, 1);
            arena_.insert(arena_.end(), bytes.begin(), bytes.end());
            ends_.push_back(arena_.size());
        }
        return id;
    }

    std::span<const std::byte> operator[](Id id) const {
        const std::size_t begin = id == 0 ? 0 : ends_[id - 1U];
        return {arena_.data() + begin, ends_[id] - begin};
    }

    std::size_t size() const { return ends_.size(); }

    /// See snapshot.hpp.
    template <class Archive>
    void transfer(Archive& archive) {
        archive(arena_);
        archive(ends_);
        if constexpr (Archive::is_reading) {
            std::size_t begin = 0;
            for (const std::size_t end : ends_) {
                if (end < begin || end > arena_.size()) archive.refuse("is no checkpoint");
                begin = end;
            }
            index_ = {};
            for (Id id = 0; id < ends_.size(); ++id) {
                index_.find_or_insert(hash((*this)[id]), id, [](Id) { return false; });
            }
        }
    }

    std::size_t memory_bytes() const {
        return arena_.capacity() + ends_.capacity() * sizeof(std::size_t) + index_.memory_bytes();
    }

 private:
    static std::uint64_t hash(std::span<const std::byte> bytes) {
        const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
        return std::hash<std::string_view>{}(text);
    }

    /// A list grows by a quarter only: there may be millions of strings.
    template <class T>
    static void make_room(std::vector<T>& list, std::size_t more) {
        const std::size_t size = list.size() + more;
        if (size > list.capacity()) list.reserve(size + size / 4);
    }

    std::vector<std::byte> arena_;
    std::vector<std::size_t> ends_;
    HashIndex index_;
};

}  // namespace parley::checker
