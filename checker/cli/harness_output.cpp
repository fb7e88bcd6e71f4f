#include "parley/checker/cli/harness_output.hpp"

#include <cstddef>

namespace parley::cli {

std::string_view last_report(std::string_view output) {
    const std::size_t begin = output.rfind("\n{");
    if (begin == std::string_view::npos) return {};
    const std::size_t end = output.find('\n', begin + 1);
    return end == std::string_view::npos ? "" : output.substr(begin + 1, end - begin - 1);
}

std::string_view rest_of_line(std::string_view output, std::string_view start) {
    const std::size_t begin = output.rfind(start);
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = output.substr(begin + start.size());
    return rest.substr(0, rest.find('\n'));
}

}  // namespace parley::cli
