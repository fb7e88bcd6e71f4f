#include "parley/checker/rc11/names/object_names.hpp"

#include "parley/checker/rc11/names/types.hpp"
#include "parley/checker/rc11/names/variables.hpp"

#include <dwarf.h>
#include <fmt/format.h>

#include <string_view>

namespace parley::rc11 {

namespace {

std::string text_of(const Part& part) {
    return part.rest == 0 ? part.path : fmt::format("{} + {}", part.path, part.rest);
}

bool is_library_function(Dwarf_Die function) {
    const char* const file = dwarf_decl_file(&function);
    return file != nullptr && is_of_library(file);
}

std::optional<Dwarf_Die> parameter_type(Dwarf_Die die, std::string_view name) {
    std::optional<Dwarf_Die> found;
    for_each_child(die, [&](Dwarf_Die child) {
        const bool is_it =
            tag_of(child) == DW_TAG_template_type_parameter && name_of(child) == name;
        if (is_it) found = plain_type(type_of(child));
    });
    return found;
}

/// The entry that an inlined or completed function is an instance of.
Dwarf_Die origin_of(Dwarf_Die function) {
    for (const unsigned int name : {DW_AT_abstract_origin, DW_AT_specification}) {
        Dwarf_Attribute attribute{};
        Dwarf_Die origin{};
        if (dwarf_attr(&function, name, &attribute) == nullptr) continue;
        if (dwarf_formref_die(&attribute, &origin) != nullptr) return origin_of(origin);
    }
    return function;
}

/// The class whose member function it is.
std::optional<Dwarf_Die> class_of(Dwarf_Die function) {
    std::optional<Dwarf_Die> found;
    for_each_child(origin_of(function), [&](Dwarf_Die child) {
        const bool is_this =
            tag_of(child) == DW_TAG_formal_parameter && dwarf_hasattr(&child, DW_AT_artificial);
        if (is_this && !found) found = pointee_of(type_of(child));
    });
    return found;
}

/// What the library function asks for memory for; none: it is not one of those that say so.
std::optional<Dwarf_Die> allocated_by(Dwarf_Die function) {
    const std::string name = name_of(function);
    if (name.starts_with("make_unique<")) return parameter_type(origin_of(function), "_Tp");
    if (name != "allocate") return std::nullopt;
    const auto allocator = class_of(function);
    if (!allocator || !name_of(*allocator).starts_with("__new_allocator<")) return std::nullopt;
    return parameter_type(*allocator, "_Tp");
}

/// Of a part of a variable the compiler's name ends in ".1" or the like.
std::string name_of_whole(const std::string& symbol) {
    if (!symbol.starts_with("_Z") || symbol.find('.') == std::string::npos) return symbol;
    const std::string whole = symbol.substr(0, symbol.find('.'));
    return demangled(whole);
}

}  // namespace

bool is_of_library(std::string_view file) {
    // Some of it is for one kind of machine: "/include/x86_64-linux-gnu/c++/".
    const std::size_t include = file.find("/include/");
    return include != std::string_view::npos &&
           file.find("/c++/", include) != std::string_view::npos;
}

void ObjectNames::learn_allocation(std::uintptr_t begin, std::size_t bytes,
                                   const CallFrames& frames) {
    for (const CallFrame& frame : frames) {
        const auto& scopes = info_of_this_program().scopes_at(call_in_file(frame.return_address));
        for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
            if (tag_of(*scope) == DW_TAG_lexical_block) continue;
            if (!is_library_function(*scope)) return;
            const auto type = allocated_by(*scope);
            const auto element = type ? bytes_of(*type) : std::nullopt;
            if (!element || *element == 0 || bytes % *element != 0) continue;
            blocks_.try_emplace(begin, Elements{*type, *element, bytes / *element});
            return;
        }
    }
}

void ObjectNames::learn_pointers(const CallFrames& frames) {
    for (const CallFrame& frame : frames) {
        const auto& scopes = info_of_this_program().scopes_at(call_in_file(frame.return_address));
        for (const Dwarf_Die& scope : scopes) {
            for_each_variable(
                scope, [&](Dwarf_Die variable) { learn_pointer(variable, scopes.front(), frame); });
        }
    }
}

void ObjectNames::learn_pointer(Dwarf_Die variable, Dwarf_Die function, const CallFrame& frame) {
    const auto type = pointee_of(type_of(variable));
    if (!type || !is_class(*type)) return;
    const auto bytes = bytes_of(*type);
    const auto place = place_of(variable, function, frame, call_in_file(frame.return_address));
    if (!bytes || *bytes == 0 || !place || place->kind != Place::Kind::value) return;
    objects_[place->value].try_emplace(*bytes, *type);
}

std::optional<std::string> ObjectNames::local(const CallFrames& frames, std::uintptr_t address,
                                              std::size_t bytes) {
    for (const CallFrame& frame : frames) {
        if (address < frame.stack_pointer || address >= frame.end) continue;
        const auto& scopes = info_of_this_program().scopes_at(call_in_file(frame.return_address));
        std::optional<std::string> found;
        for (const Dwarf_Die& scope : scopes) {
            for_each_variable(scope, [&](Dwarf_Die variable) {
                if (found) return;
                const auto type = plain_type(type_of(variable));
                const auto size = type ? bytes_of(*type) : std::nullopt;
                const auto place =
                    place_of(variable, scopes.front(), frame, call_in_file(frame.return_address));
                const std::string name = name_of(variable);
                if (!size || !place || name.empty()) return;
                const bool is_it = place->kind == Place::Kind::memory && address >= place->value &&
                                   address + bytes <= place->value + *size;
                if (is_it) found = name + text_of(part_of(*type, address - place->value, bytes));
            });
        }
        return found;
    }
    return std::nullopt;
}

std::optional<ObjectNames::InBlock> ObjectNames::in_block(std::uintptr_t block,
                                                          std::size_t block_bytes,
                                                          std::uintptr_t address,
                                                          std::size_t bytes) const {
    std::optional<InBlock> best;
    std::size_t best_bytes = 0;
    const auto consider = [&](Dwarf_Die type, std::size_t size, std::uintptr_t begin,
                              const std::string& index) {
        const Part part = part_of(type, address - begin, bytes);
        const std::string name = name_of(type);
        // Of a whole object without a number only the type would be said.
        const bool is_part = !part.path.empty() || !index.empty();
        if (!is_part || name.empty() || is_reserved(name) || size <= best_bytes) return;
        const bool is_member = index.empty() && part.path.front() == '.';
        const std::string path = is_member ? "::" + text_of(part).substr(1) : text_of(part);
        best = InBlock{name + index + path, index.empty() ? begin : block};
        best_bytes = size;
    };
    if (const auto known = blocks_.find(block); known != blocks_.end()) {
        const auto& [type, size, count] = known->second;
        const std::size_t index = (address - block) / size;
        if (address + bytes <= block + (index + 1) * size) {
            consider(type, size, block + index * size,
                     count == 1 ? "" : fmt::format("[{}]", index));
        }
    }
    for (auto at = objects_.lower_bound(block); at != objects_.end() && at->first <= address;
         ++at) {
        for (const auto& [size, type] : at->second) {
            const bool fits = at->first + size <= block + block_bytes;
            if (fits && address + bytes <= at->first + size) consider(type, size, at->first, "");
        }
    }
    return best;
}

std::string ObjectNames::in_static(const std::string& symbol, Dwarf_Addr begin, std::size_t offset,
                                   std::size_t bytes) {
    const auto known = info_of_this_program().variable_at(begin);
    const auto type = known ? type_of(known->die) : std::nullopt;
    if (!type) return symbol + text_of(Part{.path = {}, .rest = offset});
    return name_of_whole(symbol) + text_of(part_of(*type, known->offset + offset, bytes));
}

}  // namespace parley::rc11
