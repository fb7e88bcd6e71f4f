#pragma once

namespace parley::tests {

/// Of a library that is linked and not instrumented: numbers, behind a lock of atomic operations
/// that nobody sees.
class Registry;

Registry* make_registry();
void add(Registry& registry, int number);
int count(Registry& registry);
void destroy(Registry* registry);

}  // namespace parley::tests
