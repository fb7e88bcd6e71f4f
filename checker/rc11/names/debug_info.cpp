#include "parley/checker/rc11/names/debug_info.hpp"

#include "parley/checker/symbolizer.hpp"

#include <link.h>

#include <cstddef>

namespace parley::rc11 {

DebugInfo& info_of_this_program() {
    static DebugInfo& info = checker::dwarf::debug_info_of(checker::path_of_program());
    return info;
}

Dwarf_Addr call_in_file(std::uintptr_t return_address) {
    std::uintptr_t loaded_at = 0;
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* result) {
            *static_cast<std::uintptr_t*>(result) = info->dlpi_addr;
            return 1;  // the program itself comes first
        },
        &loaded_at);
    return return_address - 1 - loaded_at;
}

}  // namespace parley::rc11
