#include "parley/tests/checker/rc11/runtime/registry.hpp"

#include <atomic>
#include <cstring>
#include <set>

namespace parley::tests {

/// Its own, so that no instrumented code has the same functions.
struct RegisteredNumber {
    int value = 0;
    bool operator<(const RegisteredNumber& other) const { return value < other.value; }
};

class Registry {
 public:
    void add(int number) {
        while (is_locked_.test_and_set(std::memory_order_acquire)) {
        }
        numbers_.insert({number});
        std::strcpy(last_, number == 1 ? "one" : "another");
        is_locked_.clear(std::memory_order_release);
    }
    int count() const {
        int numbers = 0;
        for (auto at = numbers_.begin(); at != numbers_.end(); ++at) ++numbers;
        return numbers;
    }

 private:
    std::atomic_flag is_locked_;
    std::set<RegisteredNumber> numbers_;
    char last_[16] = "";
};

Registry* make_registry() {
    return new Registry;
}

void add(Registry& registry, int number) {
    registry.add(number);
}

int count(Registry& registry) {
    return registry.count();
}

void destroy(Registry* registry) {
    delete registry;
}

}  // namespace parley::tests
