// Functions of the C library that read and write texts, which is not instrumented: here it shows
// what they touch. Those that nearly all code is made of are in instrumentation.hpp, by other
// names.

#include "parley/checker/rc11/runtime/interposing.hpp"

#include <algorithm>
#include <climits>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <limits>

extern "C" void* __libc_malloc(std::size_t bytes);

namespace parley::rc11 {

namespace {

constexpr std::size_t max_bytes = std::numeric_limits<std::ptrdiff_t>::max();

std::size_t length_of(const char* text, std::size_t bytes_max) {
    return library<&strnlen>("strnlen")(text, bytes_max);
}

void note(const void* caller, const void* bytes, std::size_t count, bool is_write) {
    if (Runtime* const runtime = active_for_instrumented(caller))
        runtime->access_plain(address_of(bytes), count, is_write);
}

/// As many bytes as `count` says are read. What was atomic comes to memory when it is read: they
/// may be more, then.
template <class Count>
void note_read(const void* caller, const void* bytes, Count&& count) {
    if (active_for_instrumented(caller) == nullptr) return;
    std::size_t noted = 0;
    for (std::size_t now = count(); now != noted; now = count()) {
        noted = now;
        note(caller, bytes, noted, false);
    }
}

/// A text and the zero at its end, or as many bytes as are looked at.
void note_text(const void* caller, const char* text, std::size_t bytes_max = max_bytes) {
    note_read(caller, text, [=] { return std::min(length_of(text, bytes_max) + 1, bytes_max); });
}

/// Up to the first byte that is found, or all of the text.
template <class Find>
auto search(const void* caller, const char* text, std::size_t part_bytes, Find&& find) {
    note_read(caller, text, [&] {
        const auto found = find();
        return found == nullptr ? length_of(text, max_bytes) + 1
                                : static_cast<std::size_t>(found - text) + part_bytes;
    });
    return find();
}

char* copy_text(const void* caller, char* to, const char* from, std::size_t bytes_max) {
    note_text(caller, from, bytes_max);
    const std::size_t length = length_of(from, bytes_max);
    note(caller, to, length + 1, true);
    std::memcpy(to, from, length);
    to[length] = 0;
    return to;
}

/// Fills up with zeros. Returns where the text ends.
char* copy_filled(const void* caller, char* to, const char* from, std::size_t bytes) {
    note_text(caller, from, bytes);
    const std::size_t length = length_of(from, bytes);
    note(caller, to, bytes, true);
    std::memcpy(to, from, length);
    std::memset(to + length, 0, bytes - length);
    return to + length;
}

char* duplicate(const void* caller, const char* text, std::size_t length_max) {
    note_text(caller, text, length_max);
    const std::size_t length = length_of(text, length_max);
    Runtime* const runtime = active_for(caller);
    void* const memory = runtime != nullptr
                             ? runtime->allocate(length + 1, alignof(std::max_align_t))
                             : __libc_malloc(length + 1);
    return memory == nullptr ? nullptr
                             : copy_text(caller, static_cast<char*>(memory), text, length);
}

int print(const void* caller, char* to, std::size_t bytes, const char* format,
          std::va_list arguments) {
    const auto write = library<&vsnprintf>("vsnprintf");
    if (active_for_instrumented(caller) != nullptr) {
        note_text(caller, format);
        std::va_list again;
        va_copy(again, arguments);
        const int length = write(nullptr, 0, format, again);
        va_end(again);
        if (length >= 0)
            note(caller, to, std::min(static_cast<std::size_t>(length) + 1, bytes), true);
    }
    return write(to, bytes, format, arguments);
}

/// Two texts up to where they differ, at most so many bytes.
void note_compared(const void* caller, const char* a, const char* b, std::size_t bytes_max) {
    const auto count = [=] {
        std::size_t bytes = 0;
        while (bytes < bytes_max && a[bytes] == b[bytes] && a[bytes] != 0) ++bytes;
        return std::min(bytes + 1, bytes_max);
    };
    note_read(caller, a, [&] {
        note(caller, b, count(), false);
        return count();
    });
}

}  // namespace

void link_interposed_text() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

extern "C" {

char* strcpy(char* to, const char* from) {
    return rc11::copy_text(__builtin_return_address(0), to, from, rc11::max_bytes);
}

char* stpcpy(char* to, const char* from) {
    rc11::copy_text(__builtin_return_address(0), to, from, rc11::max_bytes);
    return to + std::strlen(to);
}

char* strncpy(char* to, const char* from, std::size_t bytes) {
    rc11::copy_filled(__builtin_return_address(0), to, from, bytes);
    return to;
}

char* stpncpy(char* to, const char* from, std::size_t bytes) {
    return rc11::copy_filled(__builtin_return_address(0), to, from, bytes);
}

char* strcat(char* to, const char* from) {
    rc11::note_text(__builtin_return_address(0), to);
    rc11::copy_text(__builtin_return_address(0), to + std::strlen(to), from, rc11::max_bytes);
    return to;
}

char* strncat(char* to, const char* from, std::size_t bytes_max) {
    rc11::note_text(__builtin_return_address(0), to);
    rc11::copy_text(__builtin_return_address(0), to + std::strlen(to), from, bytes_max);
    return to;
}

char* strdup(const char* text) {
    return rc11::duplicate(__builtin_return_address(0), text, rc11::max_bytes);
}

char* strndup(const char* text, std::size_t length_max) {
    return rc11::duplicate(__builtin_return_address(0), text, length_max);
}

std::size_t strnlen(const char* text, std::size_t bytes_max) {
    rc11::note_text(__builtin_return_address(0), text, bytes_max);
    return rc11::length_of(text, bytes_max);
}

int strcmp(const char* a, const char* b) {
    rc11::note_compared(__builtin_return_address(0), a, b, rc11::max_bytes);
    return rc11::library<&strcmp>("strcmp")(a, b);
}

int strncmp(const char* a, const char* b, std::size_t bytes_max) {
    rc11::note_compared(__builtin_return_address(0), a, b, bytes_max);
    return rc11::library<&strncmp>("strncmp")(a, b, bytes_max);
}

int vsnprintf(char* to, std::size_t bytes, const char* format, std::va_list arguments) {
    return rc11::print(__builtin_return_address(0), to, bytes, format, arguments);
}

int snprintf(char* to, std::size_t bytes, const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    const int length = rc11::print(__builtin_return_address(0), to, bytes, format, arguments);
    va_end(arguments);
    return length;
}

int vsprintf(char* to, const char* format, std::va_list arguments) {
    return rc11::print(__builtin_return_address(0), to, INT_MAX, format, arguments);
}

int sprintf(char* to, const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    const int length = rc11::print(__builtin_return_address(0), to, INT_MAX, format, arguments);
    va_end(arguments);
    return length;
}

// C++ has two of each, for a text that is const and for another one.
const char* __parley_strchr(const char* text, int character) __asm__("strchr");
const char* __parley_strrchr(const char* text, int character) __asm__("strrchr");
const char* __parley_strstr(const char* text, const char* part) __asm__("strstr");
const void* __parley_memchr(const void* bytes, int byte, std::size_t count) __asm__("memchr");

const char* __parley_strchr(const char* text, int character) {
    return rc11::search(__builtin_return_address(0), text, 1,
                        [=] { return rc11::library<&__parley_strchr>("strchr")(text, character); });
}

const char* __parley_strrchr(const char* text, int character) {
    rc11::note_text(__builtin_return_address(0), text);
    return rc11::library<&__parley_strrchr>("strrchr")(text, character);
}

const char* __parley_strstr(const char* text, const char* part) {
    rc11::note_text(__builtin_return_address(0), part);
    return rc11::search(__builtin_return_address(0), text, std::strlen(part),
                        [=] { return rc11::library<&__parley_strstr>("strstr")(text, part); });
}

const void* __parley_memchr(const void* bytes, int byte, std::size_t count) {
    const auto find = [=] { return rc11::library<&__parley_memchr>("memchr")(bytes, byte, count); };
    rc11::note_read(__builtin_return_address(0), bytes, [&] {
        const void* const found = find();
        return found == nullptr ? count
                                : static_cast<std::size_t>(static_cast<const char*>(found) -
                                                           static_cast<const char*>(bytes)) +
                                      1;
    });
    return find();
}

}  // extern "C"
