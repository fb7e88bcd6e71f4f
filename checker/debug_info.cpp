#include "parley/checker/debug_info.hpp"

#include <cxxabi.h>
#include <dwarf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>

namespace parley::checker::dwarf {

namespace {

bool has_instruction(Dwarf_Die die, Dwarf_Addr instruction) {
    return dwarf_haspc(&die, instruction) > 0;
}

bool has_instructions(Dwarf_Die die) {
    return dwarf_hasattr(&die, DW_AT_low_pc) != 0 || dwarf_hasattr(&die, DW_AT_ranges) != 0;
}

/// That an operation has on its own, as of a static variable.
std::optional<Dwarf_Addr> address_in(Dwarf_Attribute& location, const Dwarf_Op& operation) {
    Dwarf_Attribute where{};
    Dwarf_Addr address = 0;
    if (operation.atom == DW_OP_addr) return operation.number;
    const bool is_known = operation.atom == DW_OP_addrx &&
                          dwarf_getlocation_attr(&location, &operation, &where) == 0 &&
                          dwarf_formaddr(&where, &address) == 0;
    return is_known ? std::optional(address) : std::nullopt;
}

/// As the compiler was given it, from the folder in which it ran.
std::string path_from(Dwarf_Die unit, std::string_view file) {
    return (std::filesystem::path(text_of(unit, DW_AT_comp_dir)) / file).string();
}

}  // namespace

DebugInfo::DebugInfo(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ >= 0) dwarf_ = dwarf_begin(file_, DWARF_C_READ);
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die{};
    while (dwarf_ != nullptr &&
           dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
        units_.push_back({.die = die, .is_read = false, .functions = {}});
    }
}

DebugInfo::~DebugInfo() {
    if (dwarf_ != nullptr) dwarf_end(dwarf_);
    if (file_ >= 0) close(file_);
}

const std::vector<Dwarf_Die>& DebugInfo::scopes_at(Dwarf_Addr instruction) {
    const auto [known, is_new] = scopes_.try_emplace(instruction);
    std::vector<Dwarf_Die>& scopes = known->second;
    Unit* const unit = is_new ? unit_of(instruction) : nullptr;
    if (unit == nullptr) return scopes;
    const auto is_it = [&](Dwarf_Die each) { return has_instruction(each, instruction); };
    const auto function = std::ranges::find_if(unit->functions, is_it);
    if (function == unit->functions.end()) return scopes;
    std::optional<Dwarf_Die> next = *function;
    while (next) {
        scopes.push_back(*next);
        next.reset();
        for_each_child(scopes.back(), [&](Dwarf_Die child) {
            const int tag = tag_of(child);
            const bool is_scope = tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine;
            if (is_scope && is_it(child)) next = child;
        });
    }
    return scopes;
}

DebugInfo::Place DebugInfo::place_of(Dwarf_Addr instruction) {
    Unit* const unit = unit_of(instruction);
    if (unit == nullptr) return {};
    Dwarf_Line* const row = dwarf_getsrc_die(&unit->die, instruction);
    const char* const file = row == nullptr ? nullptr : dwarf_linesrc(row, nullptr, nullptr);
    int line = 0;
    // Line 0: the compiler does not know.
    if (file == nullptr || dwarf_lineno(row, &line) != 0 || line == 0) return {};
    int column = 0;
    dwarf_linecol(row, &column);
    return {path_from(unit->die, file), line, column};
}

std::optional<DebugInfo::Variable> DebugInfo::variable_at(Dwarf_Addr address) {
    for (Unit& unit : units_) read(unit);
    const auto found = variables_.find(address);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
}

DebugInfo::Unit* DebugInfo::unit_of(Dwarf_Addr instruction) {
    const auto unit = std::ranges::find_if(
        units_, [&](const Unit& each) { return has_instruction(each.die, instruction); });
    if (unit == units_.end()) return nullptr;
    read(*unit);
    return &*unit;
}

void DebugInfo::read(Unit& unit) {
    if (!std::exchange(unit.is_read, true)) read_within(unit, unit.die);
}

/// Functions are in namespaces, types and other functions as well, and so are static variables.
void DebugInfo::read_within(Unit& unit, Dwarf_Die die) {
    for_each_child(die, [&](Dwarf_Die child) {
        switch (tag_of(child)) {
            case DW_TAG_subprogram:
                if (has_instructions(child)) unit.functions.push_back(child);
                read_within(unit, child);
                break;
            case DW_TAG_namespace:
            case DW_TAG_class_type:
            case DW_TAG_structure_type:
            case DW_TAG_lexical_block:
            case DW_TAG_inlined_subroutine:
                read_within(unit, child);
                break;
            case DW_TAG_variable:
                note_variable(child);
                break;
            default:
                break;
        }
    });
}

/// At one address all the time, or in pieces that are, each of which may have been made a smaller
/// object than it was.
void DebugInfo::note_variable(Dwarf_Die die) {
    Dwarf_Attribute location{};
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_attr(&die, DW_AT_location, &location) == nullptr ||
        dwarf_getlocation(&location, &operations, &count) != 0) {
        return;
    }
    std::size_t offset = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (operations[i].atom == DW_OP_piece) offset += operations[i].number;
        const auto address = address_in(location, operations[i]);
        if (address) variables_.emplace(*address, Variable{die, offset});
    }
}

DebugInfo& debug_info_of(const std::string& path) {
    static std::map<std::string, DebugInfo> known;
    return known.try_emplace(path, path).first->second;
}

std::string demangled(const std::string& name) {
    if (!name.starts_with("_Z")) return name;
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
    return text != nullptr ? text.get() : name;
}

int tag_of(Dwarf_Die die) {
    return dwarf_tag(&die);
}

std::optional<Dwarf_Attribute> attribute_of(Dwarf_Die die, unsigned int name) {
    Dwarf_Attribute attribute{};
    if (dwarf_attr_integrate(&die, name, &attribute) == nullptr) return std::nullopt;
    return attribute;
}

std::optional<Dwarf_Die> type_of(Dwarf_Die die) {
    auto attribute = attribute_of(die, DW_AT_type);
    Dwarf_Die type{};
    if (!attribute || dwarf_formref_die(&*attribute, &type) == nullptr) return std::nullopt;
    return type;
}

std::string text_of(Dwarf_Die die, unsigned int name) {
    auto attribute = attribute_of(die, name);
    const char* const text = attribute ? dwarf_formstring(&*attribute) : nullptr;
    return text == nullptr ? "" : text;
}

std::string name_of(Dwarf_Die die) {
    return text_of(die, DW_AT_name);
}

DebugInfo::Place place_of_call(Dwarf_Die inlined) {
    Dwarf_Attribute attribute{};
    const auto number_at = [&](unsigned int name) {
        Dwarf_Word number = 0;
        const bool is_there = dwarf_attr(&inlined, name, &attribute) != nullptr &&
                              dwarf_formudata(&attribute, &number) == 0;
        return is_there ? number : 0;
    };
    const Dwarf_Word file = number_at(DW_AT_call_file);
    const Dwarf_Word line = number_at(DW_AT_call_line);
    Dwarf_Die unit{};
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    if (line == 0 || dwarf_diecu(&inlined, &unit, nullptr, nullptr) == nullptr ||
        dwarf_getsrcfiles(&unit, &files, &count) != 0 || file >= count) {
        return {};
    }
    const char* const path = dwarf_filesrc(files, file, nullptr, nullptr);
    if (path == nullptr) return {};
    return {path_from(unit, path), static_cast<int>(line),
            static_cast<int>(number_at(DW_AT_call_column))};
}

}  // namespace parley::checker::dwarf
