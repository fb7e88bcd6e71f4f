// Accesses to atomic objects of more than eight bytes, or of sizes that no processor has: those of
// the compiler's instrumentation, and those of libatomic, whose names are the compiler's own.

#include "parley/checker/rc11/runtime/memory_order.hpp"
#include "parley/checker/rc11/runtime/registers.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"

#include <atomic>
#include <cstddef>
#include <cstring>

namespace parley::rc11 {

namespace {

__extension__ using Wide = unsigned __int128;

/// What code does that is not under check: all of it together, as libatomic has it.
class Exclusive {
 public:
    Exclusive() {
        while (lock_.test_and_set(std::memory_order_acquire)) {
        }
    }
    Exclusive(const Exclusive&) = delete;
    Exclusive& operator=(const Exclusive&) = delete;
    ~Exclusive() { lock_.clear(std::memory_order_release); }

 private:
    static inline std::atomic_flag lock_;
};

void* plain(const volatile void* object) {
    return const_cast<void*>(object);
}

std::uintptr_t address_of(const volatile void* object) {
    return reinterpret_cast<std::uintptr_t>(object);
}

Operation operation(Operation::Kind kind, std::size_t bytes, int order) {
    if (bytes > Runtime::atomic_bytes_max) {
        Runtime::current()->refuse("an atomic object of more than 64 bytes");
    }
    return {.kind = kind, .order = order_of(order), .bytes = static_cast<std::uint8_t>(bytes)};
}

/// Values are in memory like others.
Value take(Runtime& runtime, const void* from, std::size_t bytes) {
    runtime.access_plain(address_of(from), bytes, false);
    return runtime.value_at(from, bytes);
}
void give(Runtime& runtime, Value value, void* to, std::size_t bytes) {
    runtime.access_plain(address_of(to), bytes, true);
    runtime.put_value(value, to, bytes);
}

void load(std::size_t bytes, const volatile void* object, void* to, int order) {
    if (Runtime* const runtime = Runtime::active()) {
        const Value found = runtime->access_atomic(address_of(object),
                                                   operation(Operation::Kind::load, bytes, order));
        return give(*runtime, found, to, bytes);
    }
    const Exclusive exclusive;
    std::memcpy(to, plain(object), bytes);
}

void store(std::size_t bytes, volatile void* object, const void* from, int order) {
    if (Runtime* const runtime = Runtime::active()) {
        Operation store = operation(Operation::Kind::store, bytes, order);
        store.value = take(*runtime, from, bytes);
        runtime->access_atomic(address_of(object), Operation(store));
        return;
    }
    const Exclusive exclusive;
    std::memcpy(plain(object), from, bytes);
}

void exchange(std::size_t bytes, volatile void* object, const void* from, void* to, int order) {
    if (Runtime* const runtime = Runtime::active()) {
        Operation exchange = operation(Operation::Kind::modify, bytes, order);
        exchange.value = take(*runtime, from, bytes);
        const Value found = runtime->access_atomic(address_of(object), Operation(exchange));
        return give(*runtime, found, to, bytes);
    }
    const Exclusive exclusive;
    std::memcpy(to, plain(object), bytes);
    std::memcpy(plain(object), from, bytes);
}

/// False: `expected` is now what was found.
bool compare_exchange(std::size_t bytes, volatile void* object, void* expected, const void* from,
                      int order, int failure) {
    if (Runtime* const runtime = Runtime::active()) {
        Operation exchange = operation(Operation::Kind::modify, bytes, order);
        exchange.failure = order_of(failure);
        exchange.update = Update::compare_exchange;
        exchange.value = take(*runtime, from, bytes);
        exchange.expected = take(*runtime, expected, bytes);
        const Value found = runtime->access_atomic(address_of(object), Operation(exchange));
        if (does_write(exchange, found)) return true;
        give(*runtime, found, expected, bytes);
        return false;
    }
    const Exclusive exclusive;
    if (std::memcmp(plain(object), expected, bytes) == 0) {
        std::memcpy(plain(object), from, bytes);
        return true;
    }
    std::memcpy(expected, plain(object), bytes);
    return false;
}

}  // namespace

// Where the code under check has called is noted in each of these, which alone know it.

extern "C" {

void load_any(std::size_t bytes, const volatile void* object, void* to,
              int order) __asm__("__atomic_load");
void store_any(std::size_t bytes, volatile void* object, const void* from,
               int order) __asm__("__atomic_store");
void exchange_any(std::size_t bytes, volatile void* object, const void* from, void* to,
                  int order) __asm__("__atomic_exchange");
bool compare_any(std::size_t bytes, volatile void* object, void* expected, const void* from,
                 int order, int failure) __asm__("__atomic_compare_exchange");
bool is_lock_free(std::size_t bytes, const volatile void* object) __asm__("__atomic_is_lock_free");
Wide load_16(const volatile void* object, int order) __asm__("__atomic_load_16");
void store_16(volatile void* object, Wide value, int order) __asm__("__atomic_store_16");
Wide exchange_16(volatile void* object, Wide value, int order) __asm__("__atomic_exchange_16");
bool compare_16(volatile void* object, void* expected, Wide value, int order,
                int failure) __asm__("__atomic_compare_exchange_16");

void load_any(std::size_t bytes, const volatile void* object, void* to, int order) {
    Runtime::active_here();
    watch_spinning_here();
    load(bytes, object, to, order);
}
void store_any(std::size_t bytes, volatile void* object, const void* from, int order) {
    Runtime::active_here();
    store(bytes, object, from, order);
}
void exchange_any(std::size_t bytes, volatile void* object, const void* from, void* to, int order) {
    Runtime::active_here();
    exchange(bytes, object, from, to, order);
}
bool compare_any(std::size_t bytes, volatile void* object, void* expected, const void* from,
                 int order, int failure) {
    Runtime::active_here();
    watch_spinning_here();
    return compare_exchange(bytes, object, expected, from, order, failure);
}
/// As libatomic says it.
bool is_lock_free(std::size_t bytes, const volatile void* /*object*/) {
    return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16;
}

/// Clang leaves the load there that it has instrumented, though nobody uses what it gives.
Wide load_16(const volatile void* object, int order) {
    Runtime* const runtime = Runtime::active_here();
    if (runtime != nullptr && runtime->has_just_loaded(address_of(object))) return 0;
    watch_spinning_here();
    Wide found = 0;
    load(sizeof found, object, &found, order);
    return found;
}
void store_16(volatile void* object, Wide value, int order) {
    Runtime::active_here();
    store(sizeof value, object, &value, order);
}
Wide exchange_16(volatile void* object, Wide value, int order) {
    Runtime::active_here();
    Wide found = 0;
    exchange(sizeof value, object, &value, &found, order);
    return found;
}
bool compare_16(volatile void* object, void* expected, Wide value, int order, int failure) {
    Runtime::active_here();
    watch_spinning_here();
    return compare_exchange(sizeof value, object, expected, &value, order, failure);
}

Wide __tsan_atomic128_load(const volatile Wide* object, int order) {
    Runtime::active_here();
    watch_spinning_here();
    Wide found = 0;
    load(sizeof found, object, &found, order);
    return found;
}
// What the compiler calls on its own account is the same as what it calls of libatomic.
void __tsan_atomic128_store(volatile void* object, Wide value, int order)
    __attribute__((alias("__atomic_store_16")));
Wide __tsan_atomic128_exchange(volatile void* object, Wide value, int order)
    __attribute__((alias("__atomic_exchange_16")));
int __tsan_atomic128_compare_exchange_strong(volatile Wide* object, Wide* expected, Wide value,
                                             int order, int failure) {
    Runtime::active_here();
    watch_spinning_here();
    return compare_exchange(sizeof value, object, expected, &value, order, failure) ? 1 : 0;
}
int __tsan_atomic128_compare_exchange_weak(volatile Wide* object, Wide* expected, Wide value,
                                           int order, int failure)
    __attribute__((alias("__tsan_atomic128_compare_exchange_strong")));
Wide __tsan_atomic128_compare_exchange_val(volatile Wide* object, Wide expected, Wide value,
                                           int order, int failure) {
    Runtime::active_here();
    watch_spinning_here();
    compare_exchange(sizeof value, object, &expected, &value, order, failure);
    return expected;
}

}  // extern "C"

}  // namespace parley::rc11
