#pragma once

#include <array>
#include <cstddef>
#include <cstring>

#include <cxxabi.h>

namespace parley::checker::relacy {

/// What the C++ runtime keeps for a thread about exceptions that are being thrown and handled
/// (Itanium C++ ABI, 2.2.2): a pointer and a count. Simulated threads share one real thread, so
/// each gets its own whenever it runs.
class ExceptionState {
 public:
    /// Begins with none.
    ExceptionState() : now_(abi::__cxa_get_globals()) {
        std::memcpy(outside_.data(), now_, bytes);
        std::memset(now_, 0, bytes);
    }
    /// What a run has left behind is forgotten.
    ~ExceptionState() { std::memcpy(now_, outside_.data(), bytes); }
    ExceptionState(const ExceptionState&) = delete;
    ExceptionState& operator=(const ExceptionState&) = delete;

    /// One simulated thread goes to sleep and another one wakes up.
    void switch_threads(std::size_t from, std::size_t to) {
        std::memcpy(threads_[from].data(), now_, bytes);
        std::memcpy(now_, threads_[to].data(), bytes);
    }

 private:
    static constexpr std::size_t bytes = sizeof(void*) + sizeof(unsigned);
    using Copy = std::array<std::byte, bytes>;

    abi::__cxa_eh_globals* now_;
    Copy outside_{};
    std::array<Copy, 2> threads_{};
};

}  // namespace parley::checker::relacy
