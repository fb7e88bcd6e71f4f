#pragma once

#include <elfutils/libdw.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::checker::dwarf {

/// The DWARF debug information of one ELF file (DWARF Debugging Information Format, version 5,
/// 2017), by libdw. Of a file without any nothing is found. Addresses are those that stand in the
/// file.
class DebugInfo {
 public:
    explicit DebugInfo(const std::string& path);
    DebugInfo(const DebugInfo&) = delete;
    DebugInfo& operator=(const DebugInfo&) = delete;
    ~DebugInfo();

    /// The function that the instruction is in, and in it inlined functions and blocks, innermost
    /// last. Empty: it is not known.
    const std::vector<Dwarf_Die>& scopes_at(Dwarf_Addr instruction);
    struct Place {
        std::string file;  ///< empty: it is not known
        int line = 0;
        int column = 0;
    };
    /// The line that the instruction was made from, inlined or not.
    Place place_of(Dwarf_Addr instruction);

    /// A static variable, or a part of it that the compiler has put somewhere else than the rest.
    struct Variable {
        Dwarf_Die die{};
        std::size_t offset = 0;  ///< of the part
    };
    /// The one that begins at the address.
    std::optional<Variable> variable_at(Dwarf_Addr address);

 private:
    struct Unit {
        Dwarf_Die die{};
        bool is_read = false;
        std::vector<Dwarf_Die> functions;  ///< those that have instructions
    };

    void read(Unit& unit);
    void read_within(Unit& unit, Dwarf_Die die);
    void note_variable(Dwarf_Die die);
    Unit* unit_of(Dwarf_Addr instruction);

    int file_ = -1;
    Dwarf* dwarf_ = nullptr;
    std::vector<Unit> units_;
    std::map<Dwarf_Addr, Variable> variables_;
    std::map<Dwarf_Addr, std::vector<Dwarf_Die>> scopes_;  ///< that have been asked for
};

/// Read once, and kept.
DebugInfo& debug_info_of(const std::string& path);

/// A name as it stands in the source; one that is not mangled as it is.
std::string demangled(const std::string& name);

/// Calls `visit` with each child.
template <class Visit>
void for_each_child(Dwarf_Die die, const Visit& visit) {
    Dwarf_Die child{};
    for (int rest = dwarf_child(&die, &child); rest == 0; rest = dwarf_siblingof(&child, &child)) {
        visit(child);
    }
}

/// DW_TAG_...
int tag_of(Dwarf_Die die);

/// Its own attribute, or that of the entry that it completes or is an instance of.
std::optional<Dwarf_Attribute> attribute_of(Dwarf_Die die, unsigned int name);

/// The type that the entry says it has.
std::optional<Dwarf_Die> type_of(Dwarf_Die die);

/// Of an attribute; empty: it has none.
std::string text_of(Dwarf_Die die, unsigned int name);
std::string name_of(Dwarf_Die die);

/// The line from which an inlined function is called.
DebugInfo::Place place_of_call(Dwarf_Die inlined);

}  // namespace parley::checker::dwarf
