#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/fiber/fiber.hpp"
#include "parley/checker/rc11/runtime/arena.hpp"
#include "parley/checker/rc11/runtime/region.hpp"
#include "parley/checker/rc11/runtime/saved_memory.hpp"
#include "parley/checker/rc11/runtime/shadow.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
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
    /// A library that is called by code under check has allocated memory, or the like.
    void note_foreign_state() { state_->has_foreign_state = true; }
    void note_outcome(std::string_view text);
    [[noreturn]] void violate(const std::string& property);
    [[noreturn]] void refuse(const std::string& reason);

 private:
    /// What a thread has read, and from which write.
    using Reads = std::pmr::vector<std::pair<LocationId, EventId>>;

    struct Thread {
        Thread(std::uintptr_t part, std::pmr::memory_resource* memory)
            : reads(memory), reads_before(memory), waits_for(memory), blocks(part, memory) {}

        void* (*code)(void*) = nullptr;
        void* argument = nullptr;
        bool has_started = false;
        EventId last = initial;  ///< event
        /// Since the last hint: what was read, and whether anything was written.
        Reads reads;
        bool has_written = false;
        Reads reads_before;
        std::uint64_t state_before = 0;
        bool is_blocked = false;
        bool is_waiting = false;  ///< it is blocked until there is something newer than these
        Reads waits_for;
        Blocks blocks;
    };
    /// An object that has been accessed atomically in this execution.
    struct Atomic {
        std::uintptr_t address = 0;
        LocationId location = 0;
        std::uint32_t generation = 0;
        std::size_t bytes = 0;
        bool is_alive = true;

        std::uintptr_t end() const { return address + bytes; }
    };
    /// A piece of memory from outside as it was before it was written to.
    struct Undo {
        std::uintptr_t address = 0;
        std::size_t bytes = 0;
        std::size_t place = 0;  ///< of the old bytes
    };
    /// What an execution has come to, but for the stacks and the memory of code under check. All
    /// of it is in the region.
    struct State {
        explicit State(std::pmr::memory_resource* memory)
            : shadow(memory),
              threads(memory),
              atomics(memory),
              undo(memory),
              old_bytes(memory),
              noted(memory) {}

        Shadow shadow;
        std::pmr::vector<Thread*> threads;
        std::pmr::vector<Atomic> atomics;  ///< by address
        std::pmr::vector<Undo> undo;
        std::pmr::vector<std::byte> old_bytes;
        std::pmr::vector<std::pmr::string> noted;
        /// A library keeps something of its own for code under check: it cannot be put back.
        bool has_foreign_state = false;
    };
    /// Marks the runtime's own code: what it does is not under check.
    class Outside;

    void prepare(Graph& graph) override;
    void run(Execution& execution) override;
    bool save(std::size_t slot) override;
    void resume(Execution& execution, std::size_t slot) override;
    void run_threads(Execution& execution);
    void run_thread();
    static void enter_thread(void* runtime);
    Value perform_on(const Atomic& atomic, std::uintptr_t address, Operation operation);

    /// Asks the engine for what `make` makes, again when other threads had to go first.
    template <class Make>
    Answer perform(Make&& make);
    void block();
    /// Until there is something newer than these to read.
    void block_until_newer(const Reads& reads);
    [[noreturn]] void leave_execution();
    Thread& self() { return *state_->threads[current_]; }
    Fiber& fiber() { return *fibers_[current_]; }
    Thread& thread(ThreadId id);

    Atomic& atomic_at(std::uintptr_t address, std::size_t bytes,
                      std::optional<Value> initial_value);
    LocationId location_of(std::uintptr_t address, std::uint32_t generation, Value initial_value);
    void use(std::uintptr_t address, std::size_t bytes, bool is_write, bool is_atomic);
    Block* block_before(std::uintptr_t address);
    void check_block(std::uintptr_t address, std::size_t bytes);
    void check_place(std::uintptr_t address, bool may_be_own_stack);
    std::size_t first_atomic_from(std::uintptr_t address) const;
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
    Region region_;
    State* state_ = nullptr;
    std::vector<std::unique_ptr<Fiber>> fibers_;  ///< by thread, of all executions so far
    std::vector<SavedMemory> saved_;
    std::size_t saved_bytes_ = 0;
    std::map<std::pair<std::uintptr_t, std::uint32_t>, LocationId> locations_;
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> thread_locals_;
    Execution* execution_ = nullptr;
    const Graph* graph_ = nullptr;  ///< of this execution
    ThreadId current_ = 0;
    bool is_over_ = false;
};

}  // namespace parley::rc11
