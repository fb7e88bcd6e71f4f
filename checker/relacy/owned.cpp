#include "parley/checker/relacy/owned.hpp"

#include <string>

namespace parley::checker::relacy {

void touch_object(ObjectHeader& header, MemoryOperation operation, FailureClass if_gone,
                  const std::source_location& where) {
    record({.operation = operation, .variable = header.number}, where);
    if (!header.is_alive) [[unlikely]] {
        const bool is_access = operation == MemoryOperation::access_object;
        fail(if_gone,
             "object " + std::to_string(header.number) + " was " +
                 (is_access ? "touched" : "destroyed") + " after its end",
             where);
    }
    if (!header.guard.touch()) [[unlikely]] {
        fail(FailureClass::data_race,
             "two threads touched object " + std::to_string(header.number) +
                 " and nothing orders the two",
             where);
    }
}

}  // namespace parley::checker::relacy
