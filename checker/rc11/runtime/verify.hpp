#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What a program that is compiled with -fsanitize=thread and linked to this runtime (CMake:
/// parley_add_model_check) calls to have code checked.
namespace parley::rc11 {

struct VerifyOptions {
    std::uint64_t executions_max = 10'000'000;             ///< that are run
    std::size_t events_max = 10'000;                       ///< of one execution
    std::size_t stack_bytes_max = std::size_t{256} << 10;  ///< of each thread
    /// How often each thread wakes without reason when it waits for a condition variable.
    std::size_t spurious_wakeups_max = 0;
    /// How often compare_exchange_weak fails in each thread with the value that it expects.
    std::size_t weak_failures_max = 0;
    /// How often a thread may access plain memory without a step that others could know of; one
    /// that does so more often may never come to an end.
    std::uint64_t accesses_max = std::uint64_t{1} << 26U;
    /// std::atomic::notify_one() and notify_all() wake whoever waits, as C++ says. True: as
    /// libstdc++ is written, where they may overlook a thread unless the store before is seq_cst.
    bool may_miss_waiters = false;
    /// A thread that waits for ever, in an execution where nothing can help it, is a violation.
    bool finds_deadlocks = true;
    /// Memory that has not been freed at the end is a violation.
    bool finds_leaks = true;
    /// After so many executions the search begins anew by states: what follows from equal ones is
    /// looked at once. That takes a program whose states can be told, as README.md says, and
    /// neither shards nor a checkpoint. UINT64_MAX: it never does.
    std::uint64_t merges_after = 1'000;
    /// Processes that share the search: counts, verdict and counterexample do not depend on their
    /// number. 0: as many as there are processors, when there are more than 20,000 executions.
    /// Where there are several, one that crashes is a finding.
    unsigned workers = 0;
    /// Of each `shards` parts of the search the one number `shard`, counted from 1: counts and
    /// `verified` are of that part, and those of all parts add up.
    std::uint32_t shard = 1;
    std::uint32_t shards = 1;
    /// A file that keeps what the search has found out, from which the same call goes on after a
    /// kill, with the same verdict and counts; empty: none. What is kept are whole parts of the
    /// search, of which there are some ten thousand. It is removed when the search is over. A file
    /// of another build, another type of `code` or other options than `executions_max` and
    /// `workers` is refused, and one of `code` that does something else in the executions near the
    /// root; what it holds that only shows further on is not known: each value of that wants a file
    /// of its own.
    std::string checkpoint = {};
    double checkpoint_seconds = 30;  ///< between two times that it is written
};

enum class Result : std::uint8_t {
    verified,     ///< no execution that the memory model allows violates anything
    violated,     ///< some execution does
    incomplete,   ///< a limit was reached first
    unsupported,  ///< the code does something that this engine cannot judge
};

/// What a thread does in a counterexample.
struct Step {
    std::size_t thread = 0;  ///< 0: the one that runs `code`
    std::string what;        ///< "store release", "plain read of 4 bytes", "starts thread 1"
    /// The name of a variable, "heap block 1 (24 bytes of queue.hpp:41) + 8", "local 1 of thread
    /// 0".
    std::string object;
    std::string value;  ///< read or written; "0 -> 1" where it is both
    std::string place;  ///< "queue.hpp:41"
    /// Of a read that saw an older write: which newer one there was, and why it could.
    std::string note;
};

struct Verification {
    Result result = Result::incomplete;
    /// What is violated, which limit was reached, or what is not supported; in a line.
    std::string reason;
    std::uint64_t executions = 0;  ///< in which each thread came to its end; UINT64_MAX: or more
    /// In which some thread waits for ever. Those that another one stands for are among them only
    /// where there are states.
    std::uint64_t blocked = 0;
    /// How many states there are from which the executions are known, where those that follow from
    /// equal ones have been looked at once; 0: each execution has been run.
    std::uint64_t states = 0;
    /// What outcome() was called with, and in how many complete executions.
    std::map<std::string, std::uint64_t> outcomes;
    /// An execution that violates, in an order in which each read comes after the write that it
    /// reads; the last step is the one that breaks the property. Of plain memory there are only the
    /// accesses that matter.
    std::vector<Step> counterexample;
};

/// All of it, a line for each step: for the message of a failing test.
std::string text_of(const Verification& verification);
/// "verified", "violated", ...
std::string_view name_of(Result result);
std::ostream& operator<<(std::ostream& stream, const Verification& verification);

/// Runs `code` once for each execution that RC11 allows, as a program of its own: threads, heap,
/// and every write that it makes to memory from outside are undone after each execution. Not to be
/// called by code under check.
///
/// Code in shared libraries is not seen, but for what it does through the functions that the
/// runtime has in their place: heap, threads, waiting, time. What is not supported ends in
/// Result::unsupported, and a line: README.md has a list. Throws checker::InputError for options
/// that contradict each other and a checkpoint that is not this call's.
Verification verify(const std::function<void()>& code, const VerifyOptions& options = {});

/// What becomes of a check when one memory order in the code is made weaker by one step.
struct WeakenedOrder {
    std::string place;     ///< "queue.hpp:41:20"
    std::string what;      ///< "store", "failing compare_exchange", ...
    std::string order;     ///< as it is written there
    std::string weakened;  ///< what it was made
    Verification verification;

    /// Not necessary: it is stronger than this check needs, if the verification says `verified`.
    bool is_necessary() const { return verification.result == Result::violated; }
};

struct OrdersVerification {
    Verification original;              ///< with all orders as they are
    std::vector<WeakenedOrder> orders;  ///< by place; none unless the original is verified
};

/// Which memory orders the code needs: makes each weaker, one at a time, and verifies it again.
/// What is called a place is the line and column of the code that says the order, out of the debug
/// information, wherever the compiler has put it; without optimisation it is std::atomic's own,
/// for all who call that. What the C++ library does for itself stays as it is, also in
/// std::atomic::wait(). In one process and without a checkpoint, whatever the options say.
///
/// In a program that `parley orders` runs each verify() does this.
OrdersVerification verify_orders(const std::function<void()>& code,
                                 const VerifyOptions& options = {});

/// The following are for code under check.

/// Leaves out the executions in which it is false.
void assume(bool condition);
/// A property that must hold.
void check(bool condition, const char* property);
/// Each number below `count`, in executions of their own.
unsigned int choose(unsigned int count);
/// Notes something about this execution.
void outcome(std::string_view text);
/// A hint that a loop waits for another thread. std::this_thread::yield() and sleep_for() are such
/// hints as well. A thread that comes to its hint again in the same state, having read the same
/// writes and written nothing, waits until there is something else to read.
void pause();

}  // namespace parley::rc11
