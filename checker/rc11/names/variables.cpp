#include "parley/checker/rc11/names/variables.hpp"

#include <dwarf.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace parley::rc11 {

namespace {

using Operations = std::span<const Dwarf_Op>;

std::optional<std::uintptr_t> register_of(const CallFrame& frame, unsigned int number) {
    if (number == CallFrame::stack_pointer_register) return frame.stack_pointer;
    const auto& known = CallFrame::preserved_registers;
    const auto* const found = std::ranges::find(known, static_cast<int>(number));
    if (found == known.end()) return std::nullopt;
    return frame.preserved[static_cast<std::size_t>(found - known.begin())];
}

/// The operations of DWARF's stack machine that the registers of a frame suffice for.
class Evaluation {
 public:
    Evaluation(const CallFrame& frame, std::optional<std::uintptr_t> frame_base)
        : frame_(frame), frame_base_(frame_base) {}

    std::optional<Place> run(Operations operations) {
        if (operations.empty()) return std::nullopt;
        for (const Dwarf_Op& operation : operations) {
            if (!step(operation)) return std::nullopt;
        }
        if (stack_.size() != 1) return std::nullopt;
        return Place{kind_, stack_.back()};
    }

 private:
    bool push(std::optional<std::uintptr_t> value, std::uint64_t offset = 0) {
        if (value) stack_.push_back(*value + offset);
        return value.has_value();
    }

    bool step(const Dwarf_Op& operation) {
        const unsigned int atom = operation.atom;
        if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
            kind_ = Place::Kind::value;
            return push(register_of(frame_, atom - DW_OP_reg0));
        }
        if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
            return push(register_of(frame_, atom - DW_OP_breg0), operation.number);
        }
        switch (atom) {
            case DW_OP_fbreg:
                return push(frame_base_, operation.number);
            case DW_OP_call_frame_cfa:
                return push(frame_.end);
            case DW_OP_plus_uconst:
                if (stack_.empty()) return false;
                stack_.back() += operation.number;
                return true;
            case DW_OP_stack_value:
                kind_ = Place::Kind::value;
                return true;
            default:
                return false;
        }
    }

    const CallFrame& frame_;
    std::optional<std::uintptr_t> frame_base_;
    std::vector<std::uintptr_t> stack_;
    Place::Kind kind_ = Place::Kind::memory;
};

/// What the attribute says of this instruction; empty: nothing.
Operations operations_of(Dwarf_Die die, unsigned int name, Dwarf_Addr instruction) {
    Dwarf_Attribute attribute{};
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_attr(&die, name, &attribute) == nullptr ||
        dwarf_getlocation_addr(&attribute, instruction, &operations, &count, 1) != 1) {
        return {};
    }
    return {operations, count};
}

}  // namespace

std::optional<Place> place_of(Dwarf_Die variable, Dwarf_Die function, const CallFrame& frame,
                              Dwarf_Addr instruction) {
    const auto base =
        Evaluation(frame, std::nullopt).run(operations_of(function, DW_AT_frame_base, instruction));
    return Evaluation(frame, base ? std::optional(base->value) : std::nullopt)
        .run(operations_of(variable, DW_AT_location, instruction));
}

void for_each_variable(Dwarf_Die scope, const std::function<void(Dwarf_Die)>& visit) {
    for_each_child(scope, [&](Dwarf_Die child) {
        const int tag = tag_of(child);
        if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter) visit(child);
    });
}

}  // namespace parley::rc11
