#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parley::checker {

/// Functions and static variables of an ELF file, with those that it has no debug information of,
/// by libelf. A file that is none, or that has been stripped, has none.
class SymbolTable {
 public:
    struct Symbol {
        std::size_t address = 0;  ///< as it stands in the file
        std::size_t bytes = 0;
        bool is_variable = false;
        std::string name;  ///< as the linker has it
    };

    explicit SymbolTable(const std::string& path);

    /// The one that the byte at `address` is part of; null: there is none.
    const Symbol* function_at(std::size_t address) const { return find(address, false); }
    const Symbol* variable_at(std::size_t address) const { return find(address, true); }

 private:
    const Symbol* find(std::size_t address, bool is_variable) const;

    std::vector<Symbol> symbols_;
};

/// Read once, and kept.
const SymbolTable& symbol_table_of(const std::string& path);

}  // namespace parley::checker
