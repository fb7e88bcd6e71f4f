#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace parley::checker {

/// An allocator that asks the kernel for pages of 2 MiB for whatever is that large: random reads of
/// a large table wait less for the address translation. Only a hint (Linux: madvise(2)). Whatever
/// is smaller begins with a cache line.
template <class T>
struct LargePages {
    using value_type = T;  // NOLINT(readability-identifier-naming): the standard wants it
    static constexpr std::size_t page_bytes = std::size_t{1} << 21U;

    static constexpr std::align_val_t line{64};

    LargePages() = default;
    template <class U>
    LargePages(const LargePages<U>&) {}

    T* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        if (bytes < page_bytes) return static_cast<T*>(::operator new(bytes, line));
        const std::size_t rounded = (bytes + page_bytes - 1) / page_bytes * page_bytes;
        void* const memory = std::aligned_alloc(page_bytes, rounded);
        if (memory == nullptr) throw std::bad_alloc{};
        madvise(memory, rounded, MADV_HUGEPAGE);
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) {
        if (count * sizeof(T) < page_bytes) return ::operator delete(memory, line);
        std::free(memory);
    }

    template <class U>
    bool operator==(const LargePages<U>&) const {
        return true;
    }
};

}  // namespace parley::checker
