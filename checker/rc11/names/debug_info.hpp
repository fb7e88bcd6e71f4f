#pragma once

#include "parley/checker/debug_info.hpp"

#include <cstdint>

namespace parley::rc11 {

using checker::dwarf::attribute_of;
using checker::dwarf::DebugInfo;
using checker::dwarf::demangled;
using checker::dwarf::for_each_child;
using checker::dwarf::name_of;
using checker::dwarf::tag_of;
using checker::dwarf::type_of;

DebugInfo& info_of_this_program();

/// The call itself, not what follows it, as the file of this program has it. Calls in libraries
/// become addresses that it does not have.
Dwarf_Addr call_in_file(std::uintptr_t return_address);

}  // namespace parley::rc11
