#pragma once

/// Relacy's context. It ends up in simulate.cpp and nowhere else, because of what it takes to keep
/// Relacy from replacing the program's `operator new` and `operator delete`.
///
/// Relacy defines them as inline functions, without their sized forms: what is allocated in a
/// simulation could not be freed outside of it, nor the reverse, and some compilers would free
/// with the library's function what Relacy's function allocated. Here the definitions become plain
/// declarations, each followed by a function that nobody calls and that takes over the body.

#include "parley/checker/relacy/relacy.hpp"

// All that context.hpp includes, so that the macros below meet its own text only.
#include <relacy/base.hpp>
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wdollar-in-identifier-extension"
#pragma GCC diagnostic ignored "-Wkeyword-macro"
#endif
#define $ RL_INFO
#include <relacy/context_base.hpp>
#include <relacy/foreach.hpp>
#include <relacy/history.hpp>
#include <relacy/memory.hpp>
#include <relacy/random.hpp>
#include <relacy/slab_allocator.hpp>
#include <relacy/test_params.hpp>
#include <relacy/test_result.hpp>
#include <relacy/thread.hpp>
#include <relacy/thread_local_ctx.hpp>

#include <relacy/context_bound_scheduler.hpp>
#include <relacy/full_search_scheduler.hpp>
#include <relacy/random_scheduler.hpp>

#undef RL_THROW_SPEC
#define PARLEY_PASTE(a, b) a##b
#define PARLEY_NAME(a, b) PARLEY_PASTE(a, b)
#define RL_THROW_SPEC(exception) \
    ;                            \
    void* PARLEY_NAME(relacy_new_, __LINE__)(size_t size)
#define throw() \
    noexcept;   \
    void PARLEY_NAME(relacy_delete_, __LINE__)(void* p)
#define inline
#include <relacy/context.hpp>
#undef inline
#undef throw
#undef RL_THROW_SPEC
#undef PARLEY_NAME
#undef PARLEY_PASTE

#include <relacy/atomic.hpp>
#include <relacy/stdlib/condition_variable.hpp>
#include <relacy/stdlib/event.hpp>
#include <relacy/stdlib/mutex.hpp>
#include <relacy/stdlib/semaphore.hpp>
#include <relacy/var.hpp>
#undef $
#pragma GCC diagnostic pop
