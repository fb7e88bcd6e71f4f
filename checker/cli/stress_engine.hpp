#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/cli/tsan_settings.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::cli {

/// What CheckOptions::scheduler says when engine fibers is to show a run as it was found.
inline constexpr std::string_view as_found = "as_found";

/// The catalog with the engines "stress", "tsan" and "fibers" added: real threads in the plain
/// build of the stress harness, and in its build under ThreadSanitizer; fibers in the latter. Each
/// check runs the program beside this one whose name goes on with "-stress" or "-stress-tsan", and
/// reads its report; a program that is not there adds no engine. A failure of real threads is
/// lifted to the abstract model where the model has it.
std::vector<checker::ProtocolEntry> catalog_with_stress(const std::shared_ptr<TsanSettings>& tsan);

/// Throws InputError when one of `engines` runs under ThreadSanitizer and TSAN_OPTIONS is no good,
/// see check_tsan_options().
void check_tsan_options_for(const std::vector<std::string_view>& engines);

}  // namespace parley::cli
