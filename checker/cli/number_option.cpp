#include "parley/checker/cli/number_option.hpp"

#include <charconv>
#include <system_error>

namespace parley::cli {

namespace {

constexpr double seconds_min = 0.001;
constexpr double seconds_max = 1e6;

}  // namespace

Option add_seconds(Parser command, std::optional<double>& target, const std::string& description,
                   const std::string& name) {
    const auto read = [&target, name](const std::string& text) {
        double seconds = 0;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, seconds);
        const bool is_number = error == std::errc{} && stop == end;
        if (!is_number || !(seconds >= seconds_min && seconds <= seconds_max)) {
            throw checker::InputError(fmt::format("{} must be a number from {} to {}, not '{}'",
                                                  name, seconds_min, seconds_max, text));
        }
        target = seconds;
    };
    return command.add_option(name, read, description).type_name("N");
}

}  // namespace parley::cli
