#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include <sys/mman.h>

namespace parley::checker {

/// Numbers of 64 bits, all 0 in the beginning: as the kernel gives memory, and nobody has to write
/// that. Those of large lists are asked for in pages of 2 MiB (see LargePages).
class ZeroedSlots {
 public:
    explicit ZeroedSlots(std::size_t size) : size_(size) {
        base_ = mmap(nullptr, mapped_bytes(), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (base_ == MAP_FAILED) throw std::bad_alloc{};
        const auto address = reinterpret_cast<std::uintptr_t>(base_);
        const std::uintptr_t past = address % alignment_bytes();
        const std::size_t skipped = past == 0 ? 0 : alignment_bytes() - past;
        slots_ = reinterpret_cast<std::uint64_t*>(static_cast<std::byte*>(base_) + skipped);
        if (memory_bytes() >= page_bytes) madvise(slots_, memory_bytes(), MADV_HUGEPAGE);
    }
    ~ZeroedSlots() {
        if (base_ != nullptr) munmap(base_, mapped_bytes());
    }
    ZeroedSlots(ZeroedSlots&& other) noexcept
        : size_(other.size_),
          base_(std::exchange(other.base_, nullptr)),
          slots_(std::exchange(other.slots_, nullptr)) {}
    ZeroedSlots& operator=(ZeroedSlots&& other) noexcept {
        std::swap(size_, other.size_);
        std::swap(base_, other.base_);
        std::swap(slots_, other.slots_);
        return *this;
    }

    std::size_t size() const { return size_; }
    std::uint64_t& operator[](std::size_t place) const { return slots_[place]; }
    std::size_t memory_bytes() const { return size_ * sizeof(std::uint64_t); }

 private:
    static constexpr std::size_t page_bytes = std::size_t{1} << 21U;

    std::size_t alignment_bytes() const {
        return memory_bytes() >= page_bytes ? page_bytes : alignof(std::uint64_t);
    }
    std::size_t mapped_bytes() const {
        return memory_bytes() >= page_bytes ? memory_bytes() + page_bytes : memory_bytes();
    }

    std::size_t size_;
    void* base_ = nullptr;
    std::uint64_t* slots_ = nullptr;
};

}  // namespace parley::checker
