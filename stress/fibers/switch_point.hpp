#pragma once

namespace parley::stress {

/// Before every atomic operation of this program: where a fiber may have to give way to the other
/// one. Does nothing on a thread that runs no fiber. Not instrumented.
void pass_switch_point();

}  // namespace parley::stress
