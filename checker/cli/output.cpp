#include "parley/checker/cli/output.hpp"

#include "parley/checker/replay_line.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace parley::cli {

namespace {

using checker::InputError;

[[noreturn]] void refuse(const std::string& path, int error) {
    throw InputError(fmt::format("cannot write {}: {}", path, std::strerror(error)));
}

/// A descriptor that is closed in the end.
class Descriptor {
 public:
    Descriptor(const std::string& path, int flags) : path_(path) {
        number_ = open(path.c_str(), flags | O_CLOEXEC, 0666);
        if (number_ < 0) refuse(path, errno);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(number_); }

    void write_all(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t count = write(number_, text.data(), text.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) refuse(path_, errno);
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void sync() const {
        if (fsync(number_) != 0) refuse(path_, errno);
    }

 private:
    std::string path_;
    int number_ = -1;
};

}  // namespace

void say(std::string_view text) {
    const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!is_written || std::fflush(stdout) != 0) refuse("to standard output", errno);
}

std::string replay_command(std::string_view program, const checker::Trace& trace) {
    return fmt::format("{} replay {}", program, to_text(checker::replay_line_of(trace)));
}

void create_file(const std::string& path, std::string_view text) {
    const Descriptor file{path, O_WRONLY | O_CREAT | O_EXCL};
    try {
        file.write_all(text);
        file.sync();
    } catch (const InputError&) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        throw;
    }
}

void append_file(const std::string& path, std::string_view text) {
    Descriptor{path, O_WRONLY | O_CREAT | O_APPEND}.write_all(text);
}

OutputFile::OutputFile(const std::string& path) {
    if (path.empty()) return;
    std::error_code error;
    path_ = std::filesystem::weakly_canonical(path, error);
    if (error) refuse(path, error.value());
    const auto status = std::filesystem::status(path_, error);
    if (std::filesystem::is_directory(status)) refuse(path, EISDIR);
    const bool exists = std::filesystem::exists(status);
    is_regular_ = !exists || std::filesystem::is_regular_file(status);
    if (exists && access(path_.c_str(), W_OK) != 0) refuse(path, errno);
    if (!is_regular_) return;
    try {
        const Descriptor probe{temporary_path(), O_WRONLY | O_CREAT | O_EXCL};
    } catch (const InputError&) {
        refuse(path, errno);
    }
    std::filesystem::remove(temporary_path(), error);
}

std::filesystem::path OutputFile::temporary_path() const {
    std::filesystem::path temporary = path_;
    temporary.replace_filename(fmt::format(".{}.{}", path_.filename().string(), getpid()));
    return temporary;
}

void OutputFile::write(std::string_view text) const {
    if (path_.empty()) return;
    if (!is_regular_) return Descriptor{path_, O_WRONLY}.write_all(text);
    const std::filesystem::path temporary = temporary_path();
    std::error_code error;
    try {
        const Descriptor file{temporary, O_WRONLY | O_CREAT | O_EXCL};
        file.write_all(text);
        file.sync();
    } catch (const InputError&) {
        std::filesystem::remove(temporary, error);
        throw;
    }
    std::filesystem::rename(temporary, path_, error);
    if (!error) return;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    refuse(path_, error.value());
}

}  // namespace parley::cli
