#include "parley/checker/rc11/runtime/verify.hpp"

#include "parley/checker/rc11/runtime/registers.hpp"
#include "parley/checker/rc11/runtime/runtime.hpp"
#include "parley/checker/rc11/runtime/verify_search.hpp"

namespace parley::rc11 {

Verification verify(const std::function<void()>& code, const VerifyOptions& options) {
    if (Runtime* const runtime = Runtime::active_here()) runtime->refuse("verify() within a check");
    if (is_asked_for_orders()) return verify_orders(code, options).original;
    return VerifySearch(code, options).run();
}

void assume(bool condition) {
    if (Runtime* const runtime = Runtime::active_here()) runtime->assume(condition);
}

extern "C" bool __parley_fails_weakly() noexcept {
    Runtime* const runtime = Runtime::active_here();
    return runtime != nullptr && runtime->fails_weakly();
}

extern "C" void __parley_assume(bool condition) {
    assume(condition);
}

void check(bool condition, const char* property) {
    Runtime* const runtime = Runtime::active_here();
    if (runtime != nullptr && !condition) runtime->violate(property);
}

unsigned int choose(unsigned int count) {
    Runtime* const runtime = Runtime::active_here();
    return runtime != nullptr && count > 1 ? runtime->choose(count) : 0;
}

void outcome(std::string_view text) {
    if (Runtime* const runtime = Runtime::active_here()) runtime->note_outcome(text);
}

extern "C" void __parley_pause() {
    hint_waiting_here();
}

void pause() {
    hint_waiting_here();
}

}  // namespace parley::rc11
