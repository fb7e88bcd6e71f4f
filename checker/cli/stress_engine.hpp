#pragma once

#include "parley/checker/catalog.hpp"

#include <string>
#include <vector>

namespace parley::cli {

/// The catalog with the engines "stress" and "tsan" added: real threads in the plain build of the
/// stress harness, and in its build under ThreadSanitizer. Each check runs the program
/// `harness` + "-stress" or `harness` + "-stress-tsan" and reads its report; a program that is not
/// there adds no engine. A failure is lifted to the abstract model where the model has it.
std::vector<checker::ProtocolEntry> catalog_with_stress(const std::string& harness);

}  // namespace parley::cli
