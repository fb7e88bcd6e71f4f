#include "parley/checker/symbol_table.hpp"

#include <algorithm>
#include <map>

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

namespace parley::checker {

namespace {

void add_symbols(std::vector<SymbolTable::Symbol>& symbols, Elf* elf, Elf_Scn* section) {
    GElf_Shdr header{};
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_SYMTAB) return;
    Elf_Data* const data = elf_getdata(section, nullptr);
    GElf_Sym entry{};
    for (int i = 0; data != nullptr && gelf_getsym(data, i, &entry) != nullptr; ++i) {
        const auto type = GELF_ST_TYPE(entry.st_info);
        const char* const name = elf_strptr(elf, header.sh_link, entry.st_name);
        const bool is_it = type == STT_OBJECT || type == STT_FUNC || type == STT_GNU_IFUNC;
        if (!is_it || entry.st_shndx == SHN_UNDEF || name == nullptr) continue;
        symbols.push_back({entry.st_value, entry.st_size, type == STT_OBJECT, name});
    }
}

}  // namespace

SymbolTable::SymbolTable(const std::string& path) {
    elf_version(EV_CURRENT);
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    if (Elf* const elf = elf_begin(file, ELF_C_READ, nullptr)) {
        Elf_Scn* section = nullptr;
        while ((section = elf_nextscn(elf, section)) != nullptr) {
            add_symbols(symbols_, elf, section);
        }
        elf_end(elf);
    }
    close(file);
}

const SymbolTable::Symbol* SymbolTable::find(std::size_t address, bool is_variable) const {
    const auto found = std::ranges::find_if(symbols_, [&](const Symbol& symbol) {
        return symbol.is_variable == is_variable && address >= symbol.address &&
               address - symbol.address < symbol.bytes;
    });
    return found == symbols_.end() ? nullptr : &*found;
}

const SymbolTable& symbol_table_of(const std::string& path) {
    static std::map<std::string, SymbolTable> known;
    return known.try_emplace(path, path).first->second;
}

}  // namespace parley::checker
