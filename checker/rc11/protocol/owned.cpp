#include "parley/checker/rc11/protocol/owned.hpp"

#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

namespace parley::rc11 {

namespace property = specs::model::property;
using checker::MemoryOperation;

void touch_object(ObjectHeader* header, MemoryOperation operation,
                  const std::source_location& where) {
    Machine& machine = Machine::current();
    const bool is_end = operation == MemoryOperation::destroy_object;
    if (header == nullptr) {
        machine.fail(property::ownership, "a party uses only what it has the right to",
                     fmt::format("no object is {}", is_end ? "destroyed" : "touched"), where);
    }
    machine.record({.operation = operation, .variable = header->number}, where);
    if (!header->is_alive) {
        const std::string detail = fmt::format("object {} was {} after its end", header->number,
                                               is_end ? "destroyed" : "touched");
        if (is_end) {
            machine.fail(property::double_free, "an object is destroyed once", detail, where);
        }
        machine.fail(property::use_after_free, "a destroyed object is not touched", detail, where);
    }
    if (!machine.use(header->uses)) {
        machine.fail(
            property::data_race, "two accesses to plain memory are ordered",
            fmt::format("two threads touched object {} and nothing orders the two", header->number),
            where);
    }
}

}  // namespace parley::rc11
