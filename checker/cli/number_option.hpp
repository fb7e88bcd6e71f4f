#pragma once

#include "parley/checker/cli/parser.hpp"
#include "parley/checker/number.hpp"
#include "parley/checker/report.hpp"

#include <fmt/format.h>

#include <concepts>
#include <string>

namespace parley::cli {

/// An option with a whole number from `min` to `max`. Anything else is an InputError.
template <std::unsigned_integral Number>
Option add_number(Parser command, const std::string& name, Number& target, Number min, Number max,
                  const std::string& description) {
    const auto read = [&target, name, min, max](const std::string& text) {
        const auto number = checker::read_number<Number>(text);
        if (!number || *number < min || *number > max) {
            throw checker::InputError(fmt::format(
                "{} must be a whole number from {} to {}, not '{}'", name, min, max, text));
        }
        target = *number;
    };
    return command.add_option(name, read, description).type_name("N");
}

/// As above, for a time in seconds.
Option add_seconds(Parser command, std::optional<double>& target, const std::string& description,
                   const std::string& name = "--seconds");

}  // namespace parley::cli
