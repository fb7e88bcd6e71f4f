#pragma once

namespace parley::rc11 {

/// Whether the code that has called from there, in the program itself, tells the runtime what it
/// does: it has been compiled with -fsanitize=thread. What a library does that is linked and has
/// not cannot be judged by halves, since of its atomic operations nothing is seen. Called by code
/// under check.
bool is_instrumented(const void* caller);

/// Where the innermost function that does has called, of those that have come to the calling one;
/// or `place`, if there is none.
const void* innermost_instrumented(const void* place);

}  // namespace parley::rc11
