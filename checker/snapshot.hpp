#pragma once

#include "parley/checker/mix.hpp"
#include "parley/checker/raw_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

/// What a search knows, in a file. What is written and read in the same order by the same
/// `transfer(archive)`: numbers, texts and lists of numbers, as they are in memory.
namespace parley::checker {

/// A checksum of bytes, in whatever pieces they come.
class Checksum {
 public:
    void add(const void* data, std::size_t size);
    std::uint64_t value() const { return mix(sum_ ^ mix(word_ + mix_step) ^ size_); }

 private:
    std::uint64_t sum_ = 0;
    std::uint64_t word_ = 0;  ///< the bytes after the last whole word
    std::uint64_t size_ = 0;
};

/// Writes a snapshot to `path`: all of it under another name first, then in one go. Until finish()
/// whatever is at `path` stays there. Throws InputError when it cannot be written.
class SnapshotWriter {
 public:
    static constexpr bool is_reading = false;

    explicit SnapshotWriter(std::string path);
    ~SnapshotWriter();
    SnapshotWriter(const SnapshotWriter&) = delete;
    SnapshotWriter& operator=(const SnapshotWriter&) = delete;

    void raw(const void* data, std::size_t size);
    template <RawBytes T>
    void operator()(const T& value) {
        raw(&value, sizeof(T));
    }
    void operator()(const std::string& text);
    template <RawBytes T, class Allocator>
    void operator()(const std::vector<T, Allocator>& list) {
        (*this)(std::uint64_t{list.size()});
        raw(list.data(), list.size() * sizeof(T));
    }

    void finish();

 private:
    [[noreturn]] void fail() const;

    std::string path_;
    std::string temporary_;
    std::FILE* file_ = nullptr;
    Checksum checksum_;
};

/// Reads what a SnapshotWriter wrote. The constructor reads the file to its end: what is not whole,
/// or something else, is an InputError before anything of it is used.
class SnapshotReader {
 public:
    static constexpr bool is_reading = true;

    explicit SnapshotReader(const std::string& path);
    ~SnapshotReader();
    SnapshotReader(const SnapshotReader&) = delete;
    SnapshotReader& operator=(const SnapshotReader&) = delete;

    void raw(void* data, std::size_t size);
    template <RawBytes T>
    void operator()(T& value) {
        raw(&value, sizeof(T));
    }
    void operator()(std::string& text);
    template <RawBytes T, class Allocator>
    void operator()(std::vector<T, Allocator>& list) {
        list.resize(count(sizeof(T)));
        raw(list.data(), list.size() * sizeof(T));
    }
    /// The number of elements of a list, of `size` bytes each, that comes next.
    std::size_t count(std::size_t size);

    /// Throws InputError: the file is not what is expected.
    [[noreturn]] void refuse(std::string_view problem) const;

 private:
    void check_whole();

    std::string path_;
    std::FILE* file_ = nullptr;
    std::uint64_t left_ = 0;  ///< bytes, without the checksum
};

}  // namespace parley::checker
