#include "parley/checker/symbolizer.hpp"

#include "parley/checker/debug_info.hpp"
#include "parley/checker/symbol_table.hpp"

#include <dwarf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <link.h>
#include <unistd.h>

namespace parley::checker {
namespace {

struct Location {
    std::string module;
    std::size_t address = 0;
};

struct Lookup {
    std::uintptr_t address = 0;
    std::optional<Location> found;
};

int visit_module(dl_phdr_info* info, std::size_t, void* lookup_pointer) {
    Lookup& lookup = *static_cast<Lookup*>(lookup_pointer);
    for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[i];
        const std::uintptr_t start = info->dlpi_addr + segment.p_vaddr;
        if (segment.p_type != PT_LOAD || lookup.address < start) continue;
        if (lookup.address - start >= segment.p_memsz) continue;
        const std::string_view name = info->dlpi_name;
        lookup.found = {.module = name.empty() ? path_of_program() : std::string(name),
                        .address = lookup.address - info->dlpi_addr};
        return 1;
    }
    return 0;
}

std::optional<Location> locate(std::uintptr_t address) {
    Lookup lookup{.address = address, .found = {}};
    dl_iterate_phdr(visit_module, &lookup);
    return lookup.found;
}

std::string name_of_function(Dwarf_Die function, const std::string& mangled) {
    const std::string name = dwarf::demangled(mangled);
    // Not all that clang mangles is known to the library.
    return name.empty() || name.starts_with("_Z") ? dwarf::name_of(function) : name;
}

/// Empty: there is no such function.
Stack stack_at(dwarf::DebugInfo& info, const SymbolTable& symbols, std::size_t instruction) {
    const auto* const symbol = symbols.function_at(instruction);
    const std::string outermost = symbol == nullptr ? "" : symbol->name;
    dwarf::DebugInfo::Place place = info.place_of(instruction);
    const std::vector<Dwarf_Die>& scopes = info.scopes_at(instruction);
    Stack stack;
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
        const int tag = dwarf::tag_of(*scope);
        if (tag == DW_TAG_lexical_block) continue;
        const bool is_inlined = tag == DW_TAG_inlined_subroutine;
        std::string mangled = dwarf::text_of(*scope, DW_AT_linkage_name);
        // With -g1 only the symbol table has it.
        if (mangled.empty() && !is_inlined) mangled = outermost;
        stack.push_back(
            {name_of_function(*scope, mangled), std::move(place.file), place.line, place.column});
        if (is_inlined) place = dwarf::place_of_call(*scope);
    }
    if (!stack.empty() || symbol == nullptr) return stack;
    return {{dwarf::demangled(outermost), place.file, place.line, place.column}};
}

/// Libraries of the system have no debug information; asking for it takes long.
bool is_system_module(const std::string& module) {
    return module.starts_with("/usr/") || module.starts_with("/lib");
}

/// A file as one would open it from here, not by way of links such as an include folder has.
const std::string& from_here(const std::string& file) {
    static std::map<std::string, std::string> known;
    const auto [place, is_new] = known.try_emplace(file);
    if (!is_new || file.empty()) return place->second;
    std::error_code ignored;
    const std::string here = std::filesystem::current_path(ignored).string() + "/";
    std::string path = std::filesystem::weakly_canonical(file, ignored).string();
    if (path.empty()) path = file;
    place->second = path.starts_with(here) ? path.substr(here.size()) : path;
    return place->second;
}

Stack stack_in(const std::string& module, std::size_t address) {
    if (!is_system_module(module)) {
        Stack stack = stack_at(dwarf::debug_info_of(module), symbol_table_of(module), address);
        for (Frame& frame : stack) frame.file = from_here(frame.file);
        if (!stack.empty()) return stack;
    }
    const std::string name = module.substr(module.rfind('/') + 1);
    return {{fmt::format("{}+{:#x}", name, address), {}, 0}};
}

bool is_place(const Frame& frame) {
    return !frame.file.empty() && !frame.file.starts_with("/usr/");
}

}  // namespace

std::string path_of_program() {
    std::string path(4096, '\0');
    const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
    path.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return path;
}

std::vector<Stack> symbolize_in(const std::string& module, std::span<const std::size_t> addresses) {
    std::vector<Stack> stacks;
    for (const std::size_t address : addresses) stacks.push_back(stack_in(module, address));
    return stacks;
}

std::vector<Stack> symbolize(std::span<void* const> return_addresses) {
    std::vector<Stack> stacks(return_addresses.size());
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        // One byte back: the call itself, not what follows it.
        const auto location = locate(reinterpret_cast<std::uintptr_t>(return_addresses[i]) - 1);
        if (location) stacks[i] = stack_in(location->module, location->address);
    }
    return stacks;
}

std::vector<DataSymbol> symbolize_data(std::span<const std::uintptr_t> addresses) {
    std::vector<DataSymbol> symbols(addresses.size());
    const std::string program = path_of_program();
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto location = locate(addresses[i]);
        if (!location || location->module != program) continue;
        const auto* const found = symbol_table_of(program).variable_at(location->address);
        if (found == nullptr) continue;
        symbols[i] = {dwarf::demangled(found->name), found->address,
                      location->address - found->address};
    }
    return symbols;
}

const Frame* innermost_place(const Stack& stack) {
    const auto place = std::ranges::find_if(stack, is_place);
    return place == stack.end() ? nullptr : &*place;
}

void drop_outermost_system_frames(Stack& stack) {
    const auto outermost = std::find_if(stack.rbegin(), stack.rend(), is_place);
    if (outermost != stack.rend()) stack.erase(outermost.base(), stack.end());
}

}  // namespace parley::checker
