#pragma once

#include "parley/checker/rc11/names/call_frames.hpp"
#include "parley/checker/rc11/names/debug_info.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace parley::rc11 {

/// Whether a source file is one of the C++ library.
bool is_of_library(std::string_view file);

/// What the objects of this program are called, as far as its debug information says so for
/// certain.
///
/// A local variable is known by the frame that it is in: the instruction says which scopes it is
/// in, and with that which variable a piece of the frame is. For this code under check is compiled
/// so that no two variables of a function share memory (parley_add_model_check.cmake). What is in a
/// block of the heap is known by the types of the pointers, references and `this` that point there
/// at some time, and by the library function that has asked for the block: the `new` of C++ leaves
/// no trace of its type.
class ObjectNames {
 public:
    /// Of the heap block that begins at `begin` and was asked for by these functions.
    void learn_allocation(std::uintptr_t begin, std::size_t bytes, const CallFrames& frames);
    /// From what variables of these functions point to.
    void learn_pointers(const CallFrames& frames);

    /// "ring.slots[3].value" of a local variable of one of the functions, or "ring + 8".
    static std::optional<std::string> local(const CallFrames& frames, std::uintptr_t address,
                                            std::size_t bytes);
    /// "Queue::head_" or "Slot[3].value" in the heap block that these bytes are in, and where what
    /// is named so begins.
    struct InBlock {
        std::string name;
        std::uintptr_t begin = 0;
    };
    std::optional<InBlock> in_block(std::uintptr_t block, std::size_t block_bytes,
                                    std::uintptr_t address, std::size_t bytes) const;
    /// "ring.slots[3].value" in the static variable `symbol`, which begins at the address `begin`
    /// in the program's file, or "ring + 8"; the bytes are `offset` behind that.
    static std::string in_static(const std::string& symbol, Dwarf_Addr begin, std::size_t offset,
                                 std::size_t bytes);

 private:
    struct Elements {
        Dwarf_Die type{};
        std::size_t bytes = 0;  ///< of each
        std::size_t count = 0;
    };
    void learn_pointer(Dwarf_Die variable, Dwarf_Die function, const CallFrame& frame);

    std::map<std::uintptr_t, Elements> blocks_;  ///< by address
    /// By address, those that are larger first.
    std::map<std::uintptr_t, std::map<std::size_t, Dwarf_Die, std::greater<>>> objects_;
};

}  // namespace parley::rc11
