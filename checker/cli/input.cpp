#include "parley/checker/cli/input.hpp"

#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace parley::cli {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw checker::InputError(fmt::format("cannot read {}: {}", path, reason));
}

}  // namespace

std::string read_input(const std::string& path, std::size_t bytes_max) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) refuse(path, "it is a folder");
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) refuse(path, std::strerror(errno));
    std::string text;
    std::array<char, 1U << 16U> block;
    while (const std::size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
        text.append(block.data(), count);
        if (text.size() > bytes_max) {
            refuse(path, fmt::format("it is larger than {} MiB", bytes_max >> 20U));
        }
    }
    if (std::ferror(file.get()) != 0) refuse(path, std::strerror(errno));
    return text;
}

}  // namespace parley::cli
