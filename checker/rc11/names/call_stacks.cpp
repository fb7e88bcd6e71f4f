#include "parley/checker/rc11/names/call_stacks.hpp"

#include "parley/checker/rc11/names/debug_info.hpp"

#include <dwarf.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace parley::rc11 {

namespace {

std::string name_of_function(Dwarf_Die function) {
    const std::string name = demangled(text_of(function, DW_AT_linkage_name));
    // Not all that clang mangles is known to the library.
    return name.empty() || name.starts_with("_Z") ? name_of(function) : name;
}

/// Empty: the debug information does not have it.
checker::Stack stack_at(Dwarf_Addr instruction) {
    DebugInfo& info = info_of_this_program();
    const std::vector<Dwarf_Die>& scopes = info.scopes_at(instruction);
    checker::Stack stack;
    DebugInfo::Place place = info.place_of(instruction);
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
        if (tag_of(*scope) == DW_TAG_lexical_block) continue;
        stack.push_back({name_of_function(*scope), std::move(place.file), place.line});
        if (tag_of(*scope) == DW_TAG_inlined_subroutine) place = place_of_call(*scope);
    }
    return stack;
}

}  // namespace

std::vector<checker::Stack> stacks_of(std::span<void* const> return_addresses) {
    std::vector<checker::Stack> stacks;
    std::vector<void*> unknown;
    for (void* const address : return_addresses) {
        stacks.push_back(stack_at(call_in_file(reinterpret_cast<std::uintptr_t>(address))));
        if (stacks.back().empty()) unknown.push_back(address);
    }
    if (unknown.empty()) return stacks;
    std::vector<checker::Stack> others = checker::symbolize(unknown);
    std::size_t next = 0;
    for (checker::Stack& stack : stacks) {
        if (stack.empty()) stack = std::move(others[next++]);
    }
    return stacks;
}

}  // namespace parley::rc11
