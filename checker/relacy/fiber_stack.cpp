#include "parley/checker/relacy/fiber_stack.hpp"

#include "parley/checker/require.hpp"

#include <sys/mman.h>

#include <array>

#if defined(__SANITIZE_ADDRESS__)
#define PARLEY_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PARLEY_ADDRESS_SANITIZER
#endif
#endif

#ifdef PARLEY_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace parley::checker::relacy {
namespace {

constexpr std::size_t guard_bytes = std::size_t{64} << 10U;
constexpr std::size_t stack_bytes = std::size_t{512} << 10U;
constexpr std::size_t stacks_max = 2;

struct Stacks {
    std::array<std::byte*, stacks_max> areas{};
    std::size_t used = 0;
};

Stacks stacks;

std::byte* map_area() {
    void* const area = mmap(nullptr, guard_bytes + stack_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    require(area != MAP_FAILED, "no memory for the stacks of the simulated threads");
    require(mprotect(area, guard_bytes, PROT_NONE) == 0, "a stack's guard page can be protected");
    return static_cast<std::byte*>(area);
}

}  // namespace

void* fiber_stack(std::size_t bytes) {
    require(stacks.used < stacks_max && bytes <= stack_bytes, "one stack per simulated thread");
    std::byte*& area = stacks.areas[stacks.used++];
    if (area == nullptr) area = map_area();
#ifdef PARLEY_ADDRESS_SANITIZER
    // The frames of an abandoned run have left their red zones behind.
    __asan_unpoison_memory_region(area + guard_bytes, stack_bytes);
#endif
    return area + guard_bytes + stack_bytes - bytes;
}

void rewind_fiber_stacks() {
    stacks.used = 0;
}

}  // namespace parley::checker::relacy
