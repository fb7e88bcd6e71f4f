#pragma once

// For files that ThreadSanitizer must not see: including this keeps them from being compiled for
// it.
#if defined(__SANITIZE_THREAD__)
#error "compile this file with -fno-sanitize=thread"
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#error "compile this file with -fno-sanitize=thread"
#endif
#endif
