#include "parley/checker/rc11/runtime/region.hpp"

#include "parley/checker/require.hpp"

#include <sys/mman.h>

namespace parley::rc11 {

Region::Region() {
    void* const memory = mmap(nullptr, bytes_max, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    checker::require(memory != MAP_FAILED, "there is address space for what an execution needs");
    begin_ = static_cast<std::byte*>(memory);
}

Region::~Region() {
    munmap(begin_, bytes_max);
}

void* Region::do_allocate(std::size_t bytes, std::size_t alignment) {
    const std::size_t first = (used_ + alignment - 1) / alignment * alignment;
    checker::require(first + bytes <= bytes_max, "an execution needs less than 1 GiB");
    used_ = first + bytes;
    return begin_ + first;
}

}  // namespace parley::rc11
