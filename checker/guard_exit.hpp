#pragma once

namespace parley::checker::guard_state {

/// Called when control has left code under check by a jump, or the tool itself has crashed, before
/// anything else; null: nothing is.
/// For code under check in which functions of the C library do something else than outside.
extern void (*on_exit)();

/// Whether the calling thread runs code under check outside of any guard, so that it must not end
/// the process by exit(): that aborts, then. Null: none does.
extern bool (*must_not_exit)();

/// Ends the process at once, whoever asks.
[[noreturn]] void end_process(int code);

}  // namespace parley::checker::guard_state
