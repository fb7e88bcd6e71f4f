#pragma once

#include "parley/protocols/model/role.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <cstddef>
#include <cstdint>

namespace parley::stress {

/// Why a fiber has come back.
enum class Trap : std::uint8_t {
    operation,  ///< its next step is an atomic operation
    wait,       ///< there is nothing to do: it has given its processor away
    question,   ///< it asks for one of `question()`
    end,        ///< it has done its work
};

/// The two parties as fibers of ThreadSanitizer on one thread: the runtime takes them for two
/// threads, "left" and "right", and nothing that switches between them orders what they do
/// (__tsan_switch_to_fiber_no_sync). What the caller wrote before start() is visible to both, and
/// what they wrote is visible to the caller once both have ended.
///
/// A party runs until it comes to an atomic operation, to sched_yield() or to ask(), wherever in
/// the code under check that is. Which one goes on is the caller's to say, who is on neither.
/// Limits: code that blocks in the kernel blocks both parties.
///
/// Built without -fsanitize=thread; see tsan_hook.cpp. Stacks are switched by Boost.Context.
class PartyFibers {
 public:
    using Code = void (*)(void* argument, model::Party party);

    PartyFibers();
    ~PartyFibers();
    PartyFibers(const PartyFibers&) = delete;
    PartyFibers& operator=(const PartyFibers&) = delete;

    /// Both are to run `code(argument, party)` from its beginning. Requires that neither is within
    /// it: each has ended, or is never run again.
    void start(Code code, void* argument);
    /// Goes on with a party that has not ended, until it comes back.
    Trap resume(model::Party party);

    std::uint32_t question() const { return question_; }
    void answer(std::uint32_t index) { answer_ = index; }

    /// On a fiber: comes back from resume(), and goes on when it is resumed.
    void trap(Trap trap);
    /// On a fiber: one of `count`, as the caller of resume() answers.
    static std::uint32_t ask(std::uint32_t count);

 private:
    using Context = boost::context::detail::fcontext_t;

    struct Fiber {
        std::byte* stack = nullptr;
        void* thread = nullptr;  ///< the runtime's
        Context context = nullptr;
        void* caught = nullptr;  ///< what the C++ runtime keeps of exceptions in flight
        unsigned int uncaught = 0;
    };

    static void run(boost::context::detail::transfer_t from);
    static void exchange_exceptions(Fiber& fiber);

    Fiber fibers_[2];
    Code code_ = nullptr;
    void* argument_ = nullptr;
    void* outside_thread_ = nullptr;
    Context outside_ = nullptr;
    std::size_t running_ = 0;
    Trap trap_ = Trap::end;
    std::uint32_t question_ = 0;
    std::uint32_t answer_ = 0;
};

/// How often fibers of this program have come back, and whether one runs at the moment. For a
/// thread that watches them.
struct FiberPulse {
    std::uint64_t traps = 0;
    bool is_running = false;
};
FiberPulse fiber_pulse();

}  // namespace parley::stress
