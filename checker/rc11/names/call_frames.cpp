#include "parley/checker/rc11/names/call_frames.hpp"

#include <unwind.h>

namespace parley::rc11 {

namespace {

struct Unwinding {
    CallFrames frames;
    std::uintptr_t stack_begin = 0;
    std::uintptr_t stack_end = 0;
};

_Unwind_Reason_Code visit_frame(_Unwind_Context* context, void* data) {
    Unwinding& unwinding = *static_cast<Unwinding*>(data);
    CallFrame frame;
    frame.return_address = _Unwind_GetIP(context);
    // That of the callee: where the stack is when it returns.
    frame.stack_pointer = _Unwind_GetCFA(context);
    if (!unwinding.frames.empty()) unwinding.frames.back().end = frame.stack_pointer;
    const bool is_outside =
        frame.stack_pointer < unwinding.stack_begin || frame.stack_pointer > unwinding.stack_end;
    if (is_outside || frame.return_address == 0) return _URC_NORMAL_STOP;
    for (std::size_t i = 0; i < frame.preserved.size(); ++i) {
        frame.preserved[i] = _Unwind_GetGR(context, CallFrame::preserved_registers[i]);
    }
    unwinding.frames.push_back(frame);
    return _URC_NO_REASON;
}

}  // namespace

CallFrames call_frames(std::uintptr_t stack_begin, std::uintptr_t stack_end) {
    Unwinding unwinding{.frames = {}, .stack_begin = stack_begin, .stack_end = stack_end};
    _Unwind_Backtrace(visit_frame, &unwinding);
    // Of the outermost one it is not known where it ends.
    if (!unwinding.frames.empty() && unwinding.frames.back().end == 0) unwinding.frames.pop_back();
    return unwinding.frames;
}

}  // namespace parley::rc11
