#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/fiber/fiber.hpp"
#include "parley/checker/rc11/runtime/arena.hpp"
#include "parley/checker/rc11/runtime/shadow.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// Does nothing, but for having the functions of interpose.cpp linked.
void link_interposed_functions();

/// Runs compiled code for the engine: threads are fibers, atomic accesses and whatever else orders
/// threads are events of the graph, plain accesses are to memory itself and checked for races.
///
/// One at a time. Its entry points are called by instrumented code, on the fiber of the thread that
/// runs, or from anywhere in the process while no code is under check.
class Runtime final : public Program {
 public:
    Runtime(const std::function<void()>& code, const VerifyOptions& options);
    ~Runtime() override;

    Verification verify();

    /// The runtime that the calling code is checked by; null: the code is not under check.
    static Runtime* active() { return is_inside_ ? instance_ : nullptr; }
    /// The one that there is, whoever calls.
    static Runtime* current() { return instance_; }

    // What code under check does.
    Value access_atomic(std::uintptr_t address, Operation operation);
    void access_plain(std::uintptr_t address, std::size_t bytes, bool is_write);
    void fence(Order order);
    std::uint32_t choose(std::uint32_t count);
    ThreadId create_thread(void* (*code)(void*), void* argument);
    void join_thread(ThreadId thread);
    ThreadId current_thread() const { return current_; }
    void lock(std::uintptr_t mutex);
    bool try_lock(std::uintptr_t mutex);
    void unlock(std::uintptr_t mutex);
    void* allocate(std::size_t bytes, std::size_t alignment);
    bool owns(std::uintptr_t address) const { return arena_.contains(address); }
    void release(std::uintptr_t address);
    /// `stack` is the lowest address of what the caller has on its stack; `registers` is a digest
    /// of what it has in registers.
    void hint_waiting(std::uintptr_t stack, std::uint64_t registers);
    void assume(bool condition);
    void note_outcome(std::string_view text);
    [[noreturn]] void violate(const std::string& property);
    [[noreturn]] void refuse(const std::string& reason);

 private:
    struct Thread {
        std::function<void()> code;
        std::unique_ptr<Fiber> fiber;
        bool has_started = false;
        /// Since the last hint: what was read, and whether anything was written.
        std::vector<std::pair<LocationId, EventId>> reads;
        bool has_written = false;
        std::vector<std::pair<LocationId, EventId>> reads_before;
        std::uint64_t state_before = 0;
        /// What it waits for, when it does; it is no deadlock as long as one of these is old.
        std::optional<std::vector<std::pair<LocationId, EventId>>> waits_for;
        bool is_blocked = false;
    };
    /// An object that has been accessed atomically in this execution.
    struct Atomic {
        LocationId location = 0;
        std::uint32_t generation = 0;
        std::size_t bytes = 0;
        bool is_alive = true;
    };
    /// A piece of memory from outside as it was before it was written to.
    struct Undo {
        std::uintptr_t address;
        std::vector<std::byte> bytes;
    };
    /// Marks the runtime's own code: what it does is not under check.
    class Outside;

    void prepare(Graph& graph) override;
    void run(Execution& execution) override;
    void run_thread();
    static void enter_thread(void* runtime);
    Value perform_on(const Atomic& atomic, std::uintptr_t address, Operation operation);

    /// Asks the engine for what `make` makes, again when other threads had to go first.
    template <class Make>
    Answer perform(Make&& make);
    void block(std::optional<std::vector<std::pair<LocationId, EventId>>> waits_for);
    [[noreturn]] void leave_execution();
    Thread& self() { return *threads_[current_]; }
    Thread& thread(ThreadId id);

    ConstClock seen() const;
    Atomic& atomic_at(std::uintptr_t address, std::size_t bytes,
                      std::optional<Value> initial_value);
    Atomic& add_atomic(std::uintptr_t address, std::size_t bytes, std::uint32_t generation,
                       Value initial_value);
    void use(std::uintptr_t address, std::size_t bytes, bool is_write, bool is_atomic);
    void check_block(std::uintptr_t address, std::size_t bytes);
    void check_place(std::uintptr_t address, bool may_be_own_stack);
    void replace_atomics(std::uintptr_t address, std::size_t bytes, bool is_write);
    void keep_old(std::uintptr_t address, std::size_t bytes);
    void undo_writes();
    void end_execution(const Graph& graph, bool is_complete);
    void report_violation(const std::string& property);
    void check_leaks();
    bool is_deadlock(const Graph& graph) const;

    static Runtime* instance_;
    static bool is_inside_;

    std::function<void()> code_;
    VerifyOptions options_;
    Verification verification_;
    std::atomic<bool> stop_{false};
    std::exception_ptr error_;

    Arena arena_;
    Shadow shadow_;
    std::vector<std::unique_ptr<Thread>> threads_;
    std::size_t threads_used_ = 0;  ///< in this execution
    std::map<std::uintptr_t, Atomic> atomics_;
    std::map<std::pair<std::uintptr_t, std::uint32_t>, LocationId> locations_;
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> thread_locals_;
    std::vector<Undo> undo_;
    std::vector<std::string> noted_;
    Execution* execution_ = nullptr;
    ThreadId current_ = 0;
    bool is_over_ = false;
};

}  // namespace parley::rc11
