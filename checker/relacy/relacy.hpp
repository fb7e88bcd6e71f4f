#pragma once

/// The one way in to Relacy (D. Vyukov, Relacy Race Detector, 2008-2013) for code under check: the
/// interface of its context, and none of its macros. Relacy's umbrella header would take over
/// `new`, `delete`, `malloc`, `free`, `assert`, `errno`, `$` and the memory orders.
///
/// The context itself is compiled in one place, see context.hpp.

#include "parley/checker/relacy/fiber_stack.hpp"

#include <relacy/pch.hpp>

// Relacy's only call of malloc in this header makes the stack of a fiber.
#define malloc parley::checker::relacy::fiber_stack
#include <relacy/platform.hpp>
#undef malloc

#include <relacy/base.hpp>
#include <relacy/thread_local_ctx.hpp>

#include <relacy/context_base.hpp>
#include <relacy/context_base_impl.hpp>
#include <relacy/full_search_scheduler.hpp>

#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wdollar-in-identifier-extension"
#endif
#undef $
#pragma GCC diagnostic pop
