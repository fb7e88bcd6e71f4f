#pragma once

#include "parley/checker/rc11/names/debug_info.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::rc11 {

/// By the rules of C++ only the implementation has such names.
bool is_reserved(std::string_view name);

/// What is behind typedef, const and the like.
std::optional<Dwarf_Die> plain_type(std::optional<Dwarf_Die> type);

/// The plain type of what an object of this type points or refers to; or nothing.
std::optional<Dwarf_Die> pointee_of(std::optional<Dwarf_Die> type);

bool is_class(Dwarf_Die plain_type);

/// None where the debug information does not say, as of a type that is only declared.
std::optional<std::size_t> bytes_of(Dwarf_Die type);

/// Some bytes of an object: the smallest part of it that has them all, and how far from its
/// beginning they are. The parts of library classes have no names that people know: there the path
/// ends.
struct Part {
    std::string path;  ///< as in ".slots[3].value"; empty: the object itself
    std::size_t rest = 0;
};
Part part_of(Dwarf_Die type, std::size_t offset, std::size_t bytes);

}  // namespace parley::rc11
