#include "parley/checker/rc11/names/types.hpp"

#include <dwarf.h>
#include <fmt/format.h>

#include <cctype>
#include <string_view>
#include <vector>

namespace parley::rc11 {

namespace {

std::optional<std::size_t> number_of(Dwarf_Die die, unsigned int name) {
    Dwarf_Attribute attribute{};
    Dwarf_Word value = 0;
    if (dwarf_attr(&die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) {
        return std::nullopt;
    }
    return value;
}

/// What an object consists of next.
struct Component {
    std::string path;
    Dwarf_Die type{};
    std::size_t begin = 0;
};

/// Elements of each dimension; empty: not known.
std::vector<std::size_t> dimensions_of(Dwarf_Die array) {
    std::vector<std::size_t> dimensions;
    bool is_known = true;
    for_each_child(array, [&](Dwarf_Die child) {
        if (tag_of(child) != DW_TAG_subrange_type) return;
        const auto count = number_of(child, DW_AT_count);
        const auto last = number_of(child, DW_AT_upper_bound);
        is_known = is_known && (count || last);
        dimensions.push_back(count ? *count : last.value_or(0) + 1);
    });
    return is_known ? dimensions : std::vector<std::size_t>{};
}

std::optional<Component> element_of(Dwarf_Die array, std::size_t offset) {
    const auto type = plain_type(type_of(array));
    const auto bytes = type ? bytes_of(*type) : std::nullopt;
    if (!bytes || *bytes == 0) return std::nullopt;
    std::size_t stride = *bytes;
    const std::vector<std::size_t> dimensions = dimensions_of(array);
    for (const std::size_t count : dimensions) stride *= count;
    if (dimensions.empty() || offset >= stride) return std::nullopt;
    Component element{.path = {}, .type = *type, .begin = offset / *bytes * *bytes};
    for (const std::size_t count : dimensions) {
        stride /= count;
        element.path += fmt::format("[{}]", offset / stride);
        offset %= stride;
    }
    return element;
}

/// The only member or base that has all of the bytes: of a union it may be unknown which one it is.
std::optional<Component> member_of(Dwarf_Die type, std::size_t offset, std::size_t bytes) {
    std::optional<Component> found;
    std::size_t candidates = 0;
    for_each_child(type, [&](Dwarf_Die child) {
        const int tag = tag_of(child);
        if (tag != DW_TAG_member && tag != DW_TAG_inheritance) return;
        const bool is_bits = dwarf_hasattr(&child, DW_AT_data_bit_offset) != 0 ||
                             dwarf_hasattr(&child, DW_AT_bit_size) != 0;
        const bool has_place = dwarf_hasattr(&child, DW_AT_data_member_location) != 0;
        const auto begin = number_of(child, DW_AT_data_member_location);
        // Static members have none, and that of a virtual base depends on the object.
        const bool is_union = tag_of(type) == DW_TAG_union_type;
        if (is_bits || (!begin && (has_place || !is_union))) return;
        const auto plain = plain_type(type_of(child));
        const auto size = plain ? bytes_of(*plain) : std::nullopt;
        const std::size_t first = begin.value_or(0);
        if (!size || offset < first || offset + bytes > first + *size) return;
        ++candidates;
        const std::string name = name_of(child);
        const bool is_named = tag == DW_TAG_member && !name.empty();
        found = {.path = is_named ? "." + name : "", .type = *plain, .begin = first};
    });
    return candidates == 1 ? found : std::nullopt;
}

std::optional<Component> component_of(Dwarf_Die type, std::size_t offset, std::size_t bytes) {
    if (tag_of(type) == DW_TAG_array_type) return element_of(type, offset);
    return is_class(type) ? member_of(type, offset, bytes) : std::nullopt;
}

}  // namespace

bool is_reserved(std::string_view name) {
    return name.starts_with("__") ||
           (name.size() > 1 && name[0] == '_' && std::isupper(static_cast<unsigned char>(name[1])));
}

std::optional<Dwarf_Die> plain_type(std::optional<Dwarf_Die> type) {
    Dwarf_Die plain{};
    if (!type || dwarf_peel_type(&*type, &plain) != 0) return std::nullopt;
    return plain;
}

std::optional<Dwarf_Die> pointee_of(std::optional<Dwarf_Die> type) {
    auto pointer = plain_type(type);
    if (!pointer) return std::nullopt;
    const int tag = tag_of(*pointer);
    const bool is_pointer = tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
                            tag == DW_TAG_rvalue_reference_type;
    return is_pointer ? plain_type(type_of(*pointer)) : std::nullopt;
}

bool is_class(Dwarf_Die plain_type) {
    const int tag = dwarf_tag(&plain_type);
    return tag == DW_TAG_class_type || tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

std::optional<std::size_t> bytes_of(Dwarf_Die type) {
    Dwarf_Word bytes = 0;
    if (dwarf_aggregate_size(&type, &bytes) != 0) return std::nullopt;
    return bytes;
}

Part part_of(Dwarf_Die type, std::size_t offset, std::size_t bytes) {
    Part part{.path = {}, .rest = offset};
    auto within = plain_type(type);
    while (within) {
        const auto next = component_of(*within, offset, bytes);
        if (!next) break;
        offset -= next->begin;
        within = next->type;
        // Bases and anonymous members are on the way to what has a name, and so is what the one
        // library class has that is as good as an array.
        if (next->path.empty() || next->path == "._M_elems") continue;
        if (is_reserved(std::string_view(next->path).substr(1))) break;
        part = {part.path + next->path, offset};
    }
    return part;
}

}  // namespace parley::rc11
