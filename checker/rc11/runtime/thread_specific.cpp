// Thread-specific data of POSIX: a value for each key and thread, and destructors for what a thread
// leaves behind.

#include "parley/checker/rc11/runtime/interposing.hpp"

#include <pthread.h>

#include <algorithm>
#include <climits>

using parley::rc11::Runtime;

namespace parley::rc11 {

namespace {

/// Keys of code under check come after those of the C library.
constexpr pthread_key_t first_own_key = PTHREAD_KEYS_MAX;

/// Of keys from before the check: the C library does not tell.
Runtime::Destructor library_destructors[PTHREAD_KEYS_MAX];

}  // namespace

std::uint32_t Runtime::create_key(Destructor destructor) {
    const Outside outside;
    self().note_write();
    state_->keys.push_back(destructor);
    return static_cast<std::uint32_t>(state_->keys.size() - 1) + first_own_key;
}

void Runtime::delete_key(std::uint32_t key) {
    const Outside outside;
    if (key < first_own_key || key - first_own_key >= state_->keys.size()) {
        refuse("pthread_key_delete of a key from before the check");
    }
    self().note_write();
    state_->keys[key - first_own_key] = nullptr;
    for (Thread* const thread : state_->threads) {
        if (thread->seldom == nullptr) continue;
        std::erase_if(thread->seldom->specific,
                      [&](const auto& each) { return each.first == key; });
    }
}

Runtime::Destructor Runtime::destructor_of(std::uint32_t key) const {
    if (key < first_own_key) return library_destructors[key];
    return key - first_own_key < state_->keys.size() ? state_->keys[key - first_own_key] : nullptr;
}

const void* Runtime::specific(std::uint32_t key) {
    const auto& all = seldom().specific;
    const auto found = std::ranges::find(all, key, &Specific::first);
    return found == all.end() ? nullptr : found->second;
}

void Runtime::set_specific(std::uint32_t key, const void* value) {
    const Outside outside;
    // What it does then would not be seen. Who has called says nothing: it may have done so by a
    // jump.
    const Destructor destructor = destructor_of(key);
    if (destructor != nullptr && !is_in_program(reinterpret_cast<const void*>(destructor))) {
        refuse("what a library does when a thread ends (std::notify_all_at_thread_exit)");
    }
    self().note_write();
    auto& all = seldom().specific;
    std::erase_if(all, [&](const auto& each) { return each.first == key; });
    if (value != nullptr) all.emplace_back(key, value);
}

/// When the thread ends; the first one is that of the process, whose values stay.
void Runtime::destroy_specific() {
    if (current_ == 0 || self().seldom == nullptr) return;
    auto& all = self().seldom->specific;
    for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
        // What destructors set is left to the next round.
        for (std::size_t left = all.size(); left > 0; --left) {
            const auto [key, value] = all.front();
            all.erase(all.begin());
            const Destructor destructor =
                key < first_own_key ? library_destructors[key] : state_->keys[key - first_own_key];
            if (destructor != nullptr) destructor(const_cast<void*>(value));
        }
    }
}

void link_thread_specific() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

extern "C" {

int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        *key = runtime->create_key(destructor);
        return 0;
    }
    const int error = rc11::library<&pthread_key_create>("pthread_key_create")(key, destructor);
    if (error == 0) rc11::library_destructors[*key] = destructor;
    return error;
}

int pthread_key_delete(pthread_key_t key) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        runtime->delete_key(key);
        return 0;
    }
    return rc11::library<&pthread_key_delete>("pthread_key_delete")(key);
}

void* pthread_getspecific(pthread_key_t key) noexcept {
    if (Runtime* const runtime = rc11::active_for(__builtin_return_address(0))) {
        return const_cast<void*>(runtime->specific(key));
    }
    return rc11::library<&pthread_getspecific>("pthread_getspecific")(key);
}

int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
    if (Runtime* const runtime = rc11::active_from(__builtin_return_address(0))) {
        runtime->set_specific(key, value);
        return 0;
    }
    return rc11::library<&pthread_setspecific>("pthread_setspecific")(key, value);
}

}  // extern "C"
