#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace parley::checker {

/// A place in the source.
struct Frame {
    std::string function;
    std::string file;  ///< empty: not known
    int line = 0;
    int column = 0;

    bool operator==(const Frame&) const = default;
};

/// Innermost first.
using Stack = std::vector<Frame>;

/// The frames behind each return address of this program, innermost first, inlined calls included.
///
/// They are out of the debug information of each module that is not a library of the system. Where
/// it has none there is a function of the symbol table, or else "module+0xoffset", with an empty
/// `file`. A file is named as one would open it from the current folder.
std::vector<Stack> symbolize(std::span<void* const> return_addresses);

/// A static variable of this program, and how far behind its beginning something is.
struct DataSymbol {
    std::string name;         ///< empty: it is none
    std::size_t address = 0;  ///< of the variable, as it stands in the ELF file
    std::size_t offset = 0;

    bool operator==(const DataSymbol&) const = default;
};

/// The variable at each address, out of the symbol table.
std::vector<DataSymbol> symbolize_data(std::span<const std::uintptr_t> addresses);

/// The ELF file of this program.
std::string path_of_program();

/// The same for addresses as they stand in the ELF file `module`, of instructions, not of returns.
std::vector<Stack> symbolize_in(const std::string& module, std::span<const std::size_t> addresses);

/// The innermost frame that is not in a system header; null when there is none.
const Frame* innermost_place(const Stack& stack);

/// Drops what lies outside of the last frame that is not in a system header: how a thread starts.
/// A stack without such a frame stays as it is.
void drop_outermost_system_frames(Stack& stack);

}  // namespace parley::checker
