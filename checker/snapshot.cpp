#include "parley/checker/snapshot.hpp"

#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parley::checker {

namespace {

/// The number is the version of the format.
constexpr std::string_view magic = "parley snapshot 1\n";
constexpr std::size_t buffer_bytes = std::size_t{1} << 20U;

std::string reason(int error) {
    return std::generic_category().message(error);
}

}  // namespace

void Checksum::add(const void* data, std::size_t size) {
    constexpr std::size_t word_size = sizeof(std::uint64_t);
    const auto* bytes = static_cast<const unsigned char*>(data);
    while (size > 0) {
        if (size_ % word_size == 0 && size >= word_size) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes, word_size);
            sum_ = mix(sum_ ^ word) + mix_step;
            bytes += word_size;
            size -= word_size;
            size_ += word_size;
            continue;
        }
        word_ |= std::uint64_t{*bytes++} << (8 * (size_ % word_size));
        --size;
        if (++size_ % word_size == 0) sum_ = mix(sum_ ^ std::exchange(word_, 0)) + mix_step;
    }
}

SnapshotWriter::SnapshotWriter(std::string path)
    : path_(std::move(path)), temporary_(path_ + ".XXXXXX") {
    const int descriptor = mkstemp(temporary_.data());
    if (descriptor < 0) fail();
    file_ = fdopen(descriptor, "wb");
    if (file_ == nullptr) fail();
    std::setvbuf(file_, nullptr, _IOFBF, buffer_bytes);
    raw(magic.data(), magic.size());
}

SnapshotWriter::~SnapshotWriter() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    unlink(temporary_.c_str());
}

void SnapshotWriter::raw(const void* data, std::size_t size) {
    checksum_.add(data, size);
    if (std::fwrite(data, 1, size, file_) != size) fail();
}

void SnapshotWriter::operator()(const std::string& text) {
    (*this)(std::uint64_t{text.size()});
    raw(text.data(), text.size());
}

void SnapshotWriter::finish() {
    const std::uint64_t sum = checksum_.value();
    if (std::fwrite(&sum, sizeof sum, 1, file_) != 1) fail();
    if (std::fflush(file_) != 0 || fsync(fileno(file_)) != 0) fail();
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    std::fclose(std::exchange(file_, nullptr));
}

void SnapshotWriter::fail() const {
    throw InputError(fmt::format("cannot write {}: {}", path_, reason(errno)));
}

SnapshotReader::SnapshotReader(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "rb")) {
    if (file_ == nullptr) {
        throw InputError(fmt::format("cannot read {}: {}", path_, reason(errno)));
    }
    try {
        check_whole();
    } catch (...) {
        std::fclose(file_);
        throw;
    }
}

SnapshotReader::~SnapshotReader() {
    std::fclose(file_);
}

void SnapshotReader::check_whole() {
    struct stat status{};
    if (fstat(fileno(file_), &status) != 0 || !S_ISREG(status.st_mode)) refuse("is no checkpoint");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    std::uint64_t sum = 0;
    if (size < magic.size() + sizeof sum) refuse("is no checkpoint");
    Checksum checksum;
    std::vector<char> block(buffer_bytes);
    left_ = size - sizeof sum;
    while (left_ > 0) {
        const std::size_t count = std::min<std::uint64_t>(left_, block.size());
        const bool is_first = left_ + sizeof sum == size;
        raw(block.data(), count);
        if (is_first && !std::string_view{block.data(), count}.starts_with(magic)) {
            refuse("is no checkpoint");
        }
        checksum.add(block.data(), count);
    }
    if (std::fread(&sum, sizeof sum, 1, file_) != 1 || sum != checksum.value()) {
        refuse("is no whole checkpoint");
    }
    left_ = size - sizeof sum - magic.size();
    if (std::fseek(file_, static_cast<long>(magic.size()), SEEK_SET) != 0) {
        refuse("cannot be read");
    }
}

void SnapshotReader::raw(void* data, std::size_t size) {
    if (size > left_ || std::fread(data, 1, size, file_) != size) refuse("is no whole checkpoint");
    left_ -= size;
}

void SnapshotReader::operator()(std::string& text) {
    text.resize(count(1));
    raw(text.data(), text.size());
}

std::size_t SnapshotReader::count(std::size_t size) {
    std::uint64_t number = 0;
    (*this)(number);
    if (number > left_ / std::max<std::size_t>(size, 1)) refuse("is no whole checkpoint");
    return number;
}

void SnapshotReader::refuse(std::string_view problem) const {
    throw InputError(fmt::format("{} {}", path_, problem));
}

}  // namespace parley::checker
