#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

/// All states that a search has seen, each once and exactly (no hash compaction), with the step
/// that first led to it. Ids count from 0 in the order of insertion.
///
/// One byte string after another in an arena; an open-addressing table of ids finds them.
class StateStore {
 public:
    using Id = std::uint32_t;
    static constexpr Id none = UINT32_MAX;

    /// How a state was first reached: from which state, by which of its steps.
    struct Origin {
        Id parent = none;
        std::uint32_t step = 0;
    };

    StateStore() : table_(1024, none) { offsets_.push_back(0); }

    std::size_t size() const { return origins_.size(); }

    /// Bytes in use, the table included.
    std::size_t memory_bytes() const {
        return arena_.capacity() + offsets_.capacity() * sizeof(std::uint64_t) +
               origins_.capacity() * sizeof(Origin) + table_.capacity() * sizeof(Id);
    }

    std::span<const std::byte> operator[](Id id) const {
        return {arena_.data() + offsets_[id], offsets_[id + 1] - offsets_[id]};
    }

    Origin origin(Id id) const { return origins_[id]; }

    /// The id of `state` and whether it is new.
    std::pair<Id, bool> insert(std::span<const std::byte> state, Origin origin) {
        std::size_t place = find_place(state);
        if (table_[place] != none) return {table_[place], false};
        if ((size() + 1) * 2 > table_.size()) {
            grow();
            place = find_place(state);
        }
        const auto id = static_cast<Id>(size());
        table_[place] = id;
        arena_.insert(arena_.end(), state.begin(), state.end());
        offsets_.push_back(arena_.size());
        origins_.push_back(origin);
        return {id, true};
    }

 private:
    static std::size_t hash(std::span<const std::byte> state) {
        return std::hash<std::string_view>{}(
            {reinterpret_cast<const char*>(state.data()), state.size()});
    }

    bool is_equal(Id id, std::span<const std::byte> state) const {
        const auto other = (*this)[id];
        return other.size() == state.size() &&
               std::memcmp(other.data(), state.data(), state.size()) == 0;
    }

    std::size_t find_place(std::span<const std::byte> state) const {
        const std::size_t mask = table_.size() - 1;
        std::size_t place = hash(state) & mask;
        while (table_[place] != none && !is_equal(table_[place], state)) place = (place + 1) & mask;
        return place;
    }

    void grow() {
        table_.assign(table_.size() * 2, none);
        const std::size_t mask = table_.size() - 1;
        for (Id id = 0; id < size(); ++id) {
            std::size_t place = hash((*this)[id]) & mask;
            while (table_[place] != none) place = (place + 1) & mask;
            table_[place] = id;
        }
    }

    std::vector<std::byte> arena_;
    std::vector<std::uint64_t> offsets_;
    std::vector<Origin> origins_;
    std::vector<Id> table_;
};

}  // namespace parley::checker
