#pragma once

namespace parley::rc11 {

/// Whether the code that has called from there, in the program itself, tells the runtime what it
/// does: it has been compiled with -fsanitize=thread. What a library does that is linked and has
/// not cannot be judged by halves, since of its atomic operations nothing is seen. Called by code
/// under check.
bool is_instrumented(const void* caller);

}  // namespace parley::rc11
