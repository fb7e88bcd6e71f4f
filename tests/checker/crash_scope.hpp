#pragma once

// Of AddressSanitizer's runtime, where there is one.
extern "C" {
[[gnu::weak]] void __lsan_disable();
[[gnu::weak]] void __lsan_enable();
}

namespace parley::tests {

/// While it lives, memory may be lost: code under check that crashes or does not come to an end is
/// left by a jump out of all frames, with what they own.
class CrashScope {
 public:
    CrashScope() {
        if (__lsan_disable != nullptr) __lsan_disable();
    }
    ~CrashScope() {
        if (__lsan_enable != nullptr) __lsan_enable();
    }
    CrashScope(const CrashScope&) = delete;
    CrashScope& operator=(const CrashScope&) = delete;
};

}  // namespace parley::tests
