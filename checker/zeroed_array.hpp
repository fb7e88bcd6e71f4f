#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include <sys/mman.h>

namespace parley::checker {

/// An array whose bytes are all 0 in the beginning: as the kernel gives memory, and nobody has to
/// write that. Memory is in use from when it is first written. Large arrays are asked for in pages
/// of 2 MiB (see LargePages).
template <class T>
class ZeroedArray {
    static_assert(std::is_trivially_copyable_v<T>);

 public:
    explicit ZeroedArray(std::size_t size) : size_(size) {
        base_ = mmap(nullptr, mapped_bytes(), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (base_ == MAP_FAILED) throw std::bad_alloc{};
        const auto address = reinterpret_cast<std::uintptr_t>(base_);
        const std::uintptr_t past = address % alignment_bytes();
        const std::size_t skipped = past == 0 ? 0 : alignment_bytes() - past;
        items_ = reinterpret_cast<T*>(static_cast<std::byte*>(base_) + skipped);
        if (is_large()) madvise(items_, whole_pages_bytes(), MADV_HUGEPAGE);
    }
    ~ZeroedArray() {
        if (base_ != nullptr) munmap(base_, mapped_bytes());
    }
    ZeroedArray(ZeroedArray&& other) noexcept
        : size_(other.size_),
          base_(std::exchange(other.base_, nullptr)),
          items_(std::exchange(other.items_, nullptr)) {}
    ZeroedArray& operator=(ZeroedArray&& other) noexcept {
        std::swap(size_, other.size_);
        std::swap(base_, other.base_);
        std::swap(items_, other.items_);
        return *this;
    }

    std::size_t size() const { return size_; }
    T* data() const { return items_; }
    T& operator[](std::size_t place) const { return items_[place]; }
    std::size_t memory_bytes() const { return size_ * sizeof(T); }

    /// Puts zeros behind what there is. Large pages are not copied: they get another address.
    void grow_to(std::size_t size) {
        ZeroedArray larger{size};
        if (!is_large() || !move_pages(larger.items_)) {
            std::memcpy(larger.items_, items_, memory_bytes());
        }
        *this = std::move(larger);
    }

 private:
    static constexpr std::size_t page_bytes = std::size_t{1} << 21U;
    bool is_large() const { return memory_bytes() >= page_bytes; }
    std::size_t alignment_bytes() const { return is_large() ? page_bytes : alignof(T); }
    std::size_t mapped_bytes() const {
        return is_large() ? whole_pages_bytes() + page_bytes : memory_bytes();
    }
    std::size_t whole_pages_bytes() const {
        return (memory_bytes() + page_bytes - 1) / page_bytes * page_bytes;
    }
    bool move_pages(T* to) {
        // Part of a large page would be moved as small ones.
        const std::size_t bytes = whole_pages_bytes();
        return mremap(items_, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to) !=
               MAP_FAILED;
    }

    std::size_t size_;
    void* base_ = nullptr;
    T* items_ = nullptr;
};

}  // namespace parley::checker
