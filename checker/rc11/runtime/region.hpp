#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>

namespace parley::rc11 {

/// Memory that is given out piece by piece, and taken back as a whole. What has been given out
/// begins at the same address each time, so that whatever lives in it can be kept as bytes and put
/// back.
class Region final : public std::pmr::memory_resource {
 public:
    static constexpr std::size_t bytes_max = std::size_t{1} << 30U;

    Region();
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;
    ~Region() override;

    void clear() { used_ = 0; }
    std::span<std::byte> used() const { return {begin_, used_}; }
    /// Its first `bytes` are to be those that are in use.
    void resize(std::size_t bytes) { used_ = bytes; }

 private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    void do_deallocate(void*, std::size_t, std::size_t) override {}
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
        return this == &other;
    }

    std::byte* begin_ = nullptr;
    std::size_t used_ = 0;
};

}  // namespace parley::rc11
