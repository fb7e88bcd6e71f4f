#pragma once

#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/fiber/fiber.hpp"
#include "parley/checker/rc11/runtime/arena.hpp"
#include "parley/checker/rc11/runtime/order_places.hpp"
#include "parley/checker/rc11/runtime/recording.hpp"
#include "parley/checker/rc11/runtime/region.hpp"
#include "parley/checker/rc11/runtime/saved_memory.hpp"
#include "parley/checker/rc11/runtime/shadow.hpp"
#include "parley/checker/rc11/runtime/thread_storage.hpp"
#include "parley/checker/rc11/runtime/verify.hpp"
#include "parley/checker/rc11/runtime/wide_values.hpp"
#include "parley/checker/rc11/state_bytes.hpp"

#include <array>
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
#include <string_view>
#include <utility>
#include <vector>

namespace parley::rc11 {

/// Where objects of the engine's own are: no address of memory is as high.
inline constexpr std::uintptr_t beyond_memory = std::uintptr_t{1} << 62U;

struct AddressRange {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
};

/// Does nothing, but for having the functions of interpose.cpp linked.
void link_interposed_functions();
void link_interposed_synchronization();
void link_interposed_containers();
void link_interposed_text();
void link_refused_functions();
void link_thread_specific();
void link_exceptions();

/// What is locked, and how.
enum class Locking : std::uint8_t {
    mutex,      ///< pthread_mutex_t, usual or recursive
    spin,       ///< pthread_spinlock_t
    shared,     ///< pthread_rwlock_t, by a reader
    exclusive,  ///< by a writer
};

/// Runs compiled code for the engine: threads are fibers, atomic accesses and whatever else orders
/// threads are events of the graph, plain accesses are to memory itself and checked for races.
///
/// One at a time. Its entry points are called by instrumented code, on the fiber of the thread that
/// runs, or from anywhere in the process while no code is under check.
class Runtime final : public Program {
 public:
    Runtime(const std::function<void()>& code, const VerifyOptions& options);
    ~Runtime() override;

    // For a search, which takes it for a Program.

    /// The execution is over. Whoever waits in block_until_over() goes on, in `ending`.
    void go_on(Execution& ending);
    /// After each run: puts memory back, and finds leaks and deadlocks.
    void end_execution(const Graph& graph, bool is_complete);
    /// The run was not to come any further.
    bool has_left() const { return is_over_; }
    /// What has been found since it was emptied, without counts.
    Verification& found() { return verification_; }
    /// Adds the counterexample to what has been found.
    void record_counterexample();
    /// The runs so far are for nothing: something is looked after from now on.
    bool must_start_over() const { return starts_over_; }
    void begin_search() { starts_over_ = false; }
    /// From now on states are asked for, as explore_merging() does.
    void keep_states(bool does) { keeps_states_ = does; }
    /// Appends all that decides how the run goes on (states.cpp). False: that is not known.
    bool write_state(StateBytes& to);
    /// The run has done something that is in no state.
    bool has_left_states() const { return state_->has_foreign_state || !state_->noted.empty(); }
    bool is_complete() const;
    /// Control has left a run by a jump.
    void leave_behind();
    /// The thread that runs does something that is not under check, and goes on.
    static void leave_check();
    static void enter_check();
    /// What texts call the engine; "rc11" if nothing else is said. It outlives the runtime.
    void name_engine(std::string_view name) { engine_ = name; }
    /// Takes down what is run, unless it is null.
    void record_into(Recording* recording) { recording_ = recording; }
    /// Looks after the memory orders of what is run, unless it is null.
    void watch_orders(OrderPlaces* orders) { orders_ = orders; }
    const Graph& graph() const { return explored_ != nullptr ? *explored_ : *graph_; }
    const WideValues& wide_values() const { return wide_values_; }
    /// Where the code under check has called the runtime last.
    static const void* place() { return called_from; }
    std::uintptr_t address_of(LocationId location) const;

    /// The runtime that the calling code is checked by; null: the code is not under check.
    static Runtime* active() { return is_inside ? instance : nullptr; }
    /// The one that there is, whoever calls.
    static Runtime* current() { return instance; }
    /// As active(), for a function that code under check calls: what follows is done there. Inlined
    /// into that function.
    [[gnu::always_inline]] static Runtime* active_here() {
        return active_at(__builtin_return_address(0));
    }
    /// What is done is noted with its place in the code.
    bool is_recording() const { return recording_ != nullptr; }
    static Runtime* active_at(const void* place) {
        // The engine itself allocates as well.
        if (is_inside) called_from = place;
        return active();
    }

    /// Of more bytes than that no object is atomic.
    static constexpr std::size_t atomic_bytes_max = 64;

    // What code under check does with memory (memory.cpp).
    /// Gives the operation its location. It is not taken as a copy, since it is a part of each
    /// stack that is saved.
    Value access_atomic(std::uintptr_t address, Operation&& operation);
    void access_plain(std::uintptr_t address, std::size_t bytes, bool is_write);
    /// Reads the first and the last byte for code under check, so that it is its crash if it is
    /// one.
    static void touch(std::uintptr_t address, std::size_t bytes);
    /// Whether that was the last step of the calling thread.
    bool has_just_loaded(std::uintptr_t address) const;
    /// The value that is in memory, as the engine has it; and back.
    Value value_at(const void* object, std::size_t bytes);
    void put_value(Value value, void* object, std::size_t bytes);
    void fence(Order order);
    void* allocate(std::size_t bytes, std::size_t alignment, Allocator allocator = Allocator::heap);
    bool owns(std::uintptr_t address) const { return arena_.contains(address); }
    void release(std::uintptr_t address, Allocator allocator = Allocator::heap);
    /// Memory of the C library's own heap is freed: it is put back and looked at no more, and what
    /// comes there next is another object.
    void release_foreign(std::uintptr_t address, std::size_t bytes);
    /// The calling function returns; what it has on its stack lies below `frame_end`.
    void leave_function(std::uintptr_t frame_end);
    // With threads.
    std::uint32_t choose(std::uint32_t count);
    /// Whether a weak compare_exchange is to fail without reason.
    bool fails_weakly();
    bool keeps_states() const { return keeps_states_; }
    /// What functions that have returned have left below the caller's stack. What code that is
    /// called next does not use of its own stack would be different there, and states for nothing.
    void clear_stack_below() const;
    /// The calling thread is about to ask for something: it will go on with these registers, or
    /// those that the function that it has called has saved below its frame's address, and with the
    /// stack from there on.
    void note_own(std::span<const std::uint64_t> registers, const std::uint64_t* frame);
    ThreadId create_thread(void* (*code)(void*), void* argument);
    /// Returns what the code of the thread has.
    void* join_thread(ThreadId thread);
    ThreadId current_thread() const { return current_; }
    // What orders threads beside atomic objects (locks.cpp, synchronization.cpp).
    void lock(std::uintptr_t lock, Locking how);
    bool try_lock(std::uintptr_t lock, Locking how);
    void unlock(std::uintptr_t lock);
    enum class Waking : std::uint8_t {
        woken,
        timed_out,
        refused,  ///< the futex has another value
    };
    Waking wait(std::uintptr_t condition, std::uintptr_t mutex, bool has_limit);
    /// Wakes one of those that wait, or all.
    void notify(std::uintptr_t condition, bool wakes_all);
    Waking wait_futex(std::uintptr_t futex, std::uint32_t expected, bool has_limit);
    void wake_futex(std::uintptr_t futex, bool wakes_all);
    void wait_semaphore(std::uintptr_t semaphore);
    bool try_wait_semaphore(std::uintptr_t semaphore);
    void post_semaphore(std::uintptr_t semaphore);
    std::uint32_t semaphore_value(std::uintptr_t semaphore);
    /// Waits until as many have come as it is for; true: the caller came last.
    bool wait_barrier(std::uintptr_t barrier);
    /// Whether the caller is the one to run what is to be run once; it says with end_once() whether
    /// it has. Whoever comes in between waits.
    bool begin_once(std::uintptr_t once);
    void end_once(std::uintptr_t once, bool is_done);

    // To wait for them (waiting.cpp).
    /// `stack` is the lowest address of what the caller has on its stack; `registers` is a digest
    /// of what it has in registers.
    enum class Hint : std::uint8_t { given, guessed };
    void hint_waiting(std::uintptr_t stack, std::uint64_t registers, Hint hint);
    /// Whether a read at this place of the code may be that of a loop that waits without hinting.
    bool may_spin_at(const void* place) {
        constexpr std::uint32_t usual_reads = 8;
        Thread& thread = self();
        return ++thread.reads_in_a_row >= usual_reads && is_sought_at(thread, place);
    }
    /// Whether the thread has written at this place what it had read there, and nothing since: it
    /// may be in a loop that waits. It says so before it does the same again.
    bool may_repeat_at(const void* place) { return self().repeats_at == place; }
    void hint_repeating(std::uintptr_t stack, std::uint64_t registers);
    // Anything else.
    /// From now on each thread has thread-local variables of its own.
    void need_thread_locals();
    // Exceptions (exceptions.cpp), which the C++ library allocates for whoever throws them.
    static bool is_throwing;
    // Those that threads may share.
    void note_shared_exception();
    void let_go_of_exception(const void* exception);
    void end_catch();
    // Thread-specific data (thread_specific.cpp).
    using Destructor = void (*)(void*);
    std::uint32_t create_key(Destructor destructor);
    void delete_key(std::uint32_t key);
    const void* specific(std::uint32_t key);
    void set_specific(std::uint32_t key, const void* value);
    /// Nanoseconds on the clock of the thread, which goes on whenever it is looked at.
    std::int64_t read_clock();
    void set_clock_forward(std::int64_t time_ns);
    void sleep(std::int64_t duration_ns);
    /// At the end of the calling thread, or of the first one, as if that were the process.
    void call_at_exit(void (*function)(void*), void* argument, bool is_for_process);
    void assume(bool condition);
    /// The thread goes no further.
    [[noreturn]] void block(Wait wait);
    /// Until go_on().
    void block_until_over(Wait wait);
    /// A library that is called by code under check has allocated memory, or the like.
    void note_foreign_state() { state_->has_foreign_state = true; }
    void note_outcome(std::string_view text);
    /// run() returns.
    [[noreturn]] void leave_execution();
    [[noreturn]] void violate(const std::string& property);
    [[noreturn]] void violate(const char* property);
    [[noreturn]] void refuse(const std::string& reason);
    /// Whether the address is just below the stack of the thread that runs: there was no more of
    /// it, whoever has used it.
    bool is_below_stack(std::uintptr_t address) const;
    /// Code under check has crashed at `place`, using what is at `address`.
    [[noreturn]] void crash(int signal, std::uintptr_t address, const void* place);

 private:
    /// Some events of a thread that follow each other; of interest are those that only read.
    struct Stretch {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };

    /// What a thread holds: an entry for each lock, and how many times it is locked.
    struct Held {
        std::uintptr_t lock = 0;
        std::uint32_t times = 0;
        Locking how = Locking::mutex;
    };
    static constexpr std::size_t held_max = 16;
    using Specific = std::pair<std::uint32_t, const void*>;
    /// A piece of memory as it was before it was written to.
    struct Undo {
        std::uintptr_t address = 0;
        std::size_t bytes = 0;
        std::size_t place = 0;  ///< of the old bytes
    };
    /// What most threads have nothing of: one that never asks for it has none, which leaves less to
    /// be saved and put back.
    struct Seldom {
        explicit Seldom(std::pmr::memory_resource* memory)
            : held(memory),
              lent(memory),
              returns(memory),
              at_exit(memory),
              specific(memory),
              foreign(memory),
              foreign_bytes(memory) {}

        std::pmr::vector<Held> held;
        std::size_t spurious_wakeups = 0;
        std::size_t weak_failures = 0;
        std::int64_t time_ns = 0;
        /// Of its own stack: what others have accessed, and whether anything there is atomic.
        std::pmr::vector<std::pair<std::uintptr_t, std::size_t>> lent;
        bool has_atomics_on_stack = false;
        /// Returns from functions: where their stack ended, descending, and after how many events.
        /// One that a later return covers is left out.
        std::pmr::vector<std::pair<std::uintptr_t, std::uint32_t>> returns;
        std::pmr::vector<std::pair<void (*)(void*), void*>> at_exit;
        std::pmr::vector<Specific> specific;  ///< by key, but for null
        /// Of its own stack: what others have come to since the last hint, as it was before.
        std::pmr::vector<Undo> foreign;
        std::pmr::vector<std::byte> foreign_bytes;
        void note_foreign(std::uintptr_t address, std::size_t bytes);
        /// Puts it back as it was, and the next time as it is.
        void swap_foreign();
        void forget_foreign();
    };
    /// What code under check has of its own when it has called the runtime.
    struct Own {
        EventId last = initial;  ///< of the thread: another one has come since, and this is old
        std::uintptr_t stack = 0;
        std::array<std::uint64_t, 11> registers{};  ///< as they are, then those that are saved
        std::uint64_t floating_point = 0;           ///< how it is done, and what has been raised
    };
    struct Thread {
        Thread(std::uintptr_t part, std::pmr::memory_resource* memory) : blocks(part, memory) {}

        void* (*code)(void*) = nullptr;
        void* argument = nullptr;
        void* result = nullptr;
        EventId last = initial;              ///< event
        std::uint32_t events_signalled = 1;  ///< those up to the last by which others can know them
        bool has_started = false;
        bool has_ended = false;
        bool is_blocked = false;
        bool may_go_on = false;   ///< it is blocked in block_until_over()
        bool is_waiting = false;  ///< it is blocked until there is something newer than `waits_for`
        bool has_shared_exceptions = false;
        std::optional<ThreadId> joins;     ///< who has to end before it goes on
        bool has_written = false;          ///< since the last hint
        std::uint32_t reads_in_a_row = 0;  ///< and nothing written
        std::uint32_t idle_hints = 0;      ///< and nothing read or written between them
        void note_write() {
            has_written = true;
            reads_in_a_row = 0;
            idle_hints = 0;
            repeats_at = nullptr;
        }
        Stretch waits_for;
        Stretch before_hint;               ///< between the last two hints
        const void* spins_at = nullptr;    ///< the place of one of the reads in a row
        const void* repeats_at = nullptr;  ///< see may_repeat_at()
        std::uint32_t repeats_from = 0;    ///< the event there
        Stretch before_repeat;             ///< between the last two times that it was about to
        std::uint64_t state_repeated = 0;
        std::uint64_t state_before = 0;
        std::uint64_t idle_state = 0;
        Blocks blocks;
        Seldom* seldom = nullptr;  ///< null: it has not asked for it
        Own own;
    };
    /// An object that has been accessed atomically in this execution.
    struct Atomic {
        std::uintptr_t address = 0;
        LocationId location = 0;
        std::uint32_t generation = 0;
        std::uint32_t bytes = 0;
        bool is_alive = true;
        /// It is neither on a stack nor in a block that has been freed, and no count of waiters: a
        /// use needs no other check.
        bool is_safe = false;
        bool has_plain_reads = false;  ///< since it is one
        std::uint32_t first_use = 0;   ///< those of `threads` threads, in State::uses
        std::uint32_t threads = 0;

        std::uintptr_t end() const { return address + bytes; }
    };
    /// How many events a thread had when it last read or wrote an atomic object; 0: it never has.
    struct AtomicUse {
        std::uint32_t read = 0;
        std::uint32_t write = 0;
    };
    /// What an execution has come to, but for the stacks and the memory of code under check. All
    /// of it is in the region.
    struct State {
        explicit State(std::pmr::memory_resource* memory)
            : shadow(memory),
              threads(memory),
              atomics(memory),
              uses(memory),
              undo(memory),
              old_bytes(memory),
              noted(memory),
              keys(memory) {}

        Shadow shadow;
        std::pmr::vector<Thread*> threads;
        std::pmr::vector<Atomic> atomics;  ///< by address
        std::pmr::vector<AtomicUse> uses;
        std::pmr::vector<Undo> undo;
        std::pmr::vector<std::byte> old_bytes;
        std::pmr::vector<std::pmr::string> noted;
        std::pmr::vector<Destructor> keys;
        /// A library keeps something of its own for code under check: it cannot be put back.
        bool has_foreign_state = false;
    };
    class StateWriter;
    class Outside;
    class Doing;

    void prepare(Graph& graph) override;
    void run(Execution& execution) override;
    bool save(std::size_t slot) override;
    /// False: there is something that is not in memory of ours.
    bool note_pieces(SavedMemory& saved) const;
    void resume(Execution& execution, std::size_t slot) override;
    void run_threads(Execution& execution);
    void run_thread();
    void run_at_exit();
    void destroy_specific();
    Destructor destructor_of(std::uint32_t key) const;
    static void enter_thread(void* runtime);
    /// An operation on an object of the C library that stands for one atomic value of its first
    /// `bytes`; it is `initial_value` at the beginning, or else what is in memory.
    Value access_object(std::uintptr_t address, std::optional<Value> initial_value,
                        Operation operation);
    Value load_object(std::uintptr_t address, std::uint8_t bytes,
                      std::optional<Value> initial_value);
    Held* find_held(std::uintptr_t lock);
    bool is_recursive(const Held& held, Locking how);
    bool take_lock(std::uintptr_t lock, Locking how);
    std::uint64_t enqueue(std::uintptr_t queue, Order order);
    void wake(std::uintptr_t queue, Value found, bool wakes_all);
    bool dequeue(std::uintptr_t queue);
    Waking await(std::uintptr_t queue, std::uint64_t ticket, bool has_limit);
    bool change_queue(std::uintptr_t queue, Value found, Value woken);
    std::uintptr_t wake_address(std::uintptr_t queue, ThreadId thread);
    Value perform_on(const Atomic& atomic, std::uintptr_t address, Operation& operation);

    /// Asks the engine for what `make` makes, again when other threads had to go first
    /// (perform.hpp).
    template <class Make>
    Answer perform(Make&& make);
    static bool is_sought_at(Thread& thread, const void* place);
    void hint_idling(std::uint64_t state);
    /// Until there is something newer than these to read.
    [[noreturn]] void block_until_newer(Stretch reads);
    /// The index of the first event of the thread from number `index` on that reads and changes
    /// nothing; or `end`.
    std::uint32_t next_read(ThreadId thread, std::uint32_t index, std::uint32_t end) const;
    bool are_same_reads(Stretch first, Stretch second) const;
    /// Whether the read is half of an operation that has written what it has read. Without it the
    /// thread has seen no more and the others no less, and nothing that it orders is missed: an
    /// execution with fewer orders does the same.
    bool changes_nothing(const Event& read) const {
        return does_write(read.operation, read.value) &&
               updated(read.operation, read.value) == read.value;
    }
    /// The write from which those that have changed nothing have the value of this one.
    EventId origin_of(EventId write) const;
    /// How many events the calling thread has had.
    std::uint32_t events_of_self() { return graph_->at(self().last).index + 1; }
    void block_once(Wait wait);
    /// Waits until there is something newer to read than the thread has read last.
    [[noreturn]] void block_on_last_read();
    /// Leaves the execution to another one that does the same, or that goes on.
    [[noreturn]] void block_for_good();
    Thread& self() { return *state_->threads[current_]; }
    Fiber& fiber() { return *fibers_[current_]; }
    Thread& thread(ThreadId id);
    Seldom& seldom(Thread& thread);
    Seldom& seldom() { return seldom(self()); }
    void enter_fiber();
    [[noreturn]] void start_over();
    std::optional<ThreadId> owner_of_stack(std::uintptr_t address) const;
    void use_stack(ThreadId owner, std::uintptr_t address, std::size_t bytes, bool is_atomic);

    Atomic& atomic_at(std::uintptr_t address, std::size_t bytes,
                      std::optional<Value> initial_value);
    LocationId location_of(std::uintptr_t address, std::uint32_t generation, Value initial_value);
    void use(std::uintptr_t address, std::size_t bytes, bool is_write, bool is_atomic);
    /// The object was at `place` in State::atomics before the operation.
    void use_atomic(std::size_t place, std::uintptr_t address, const Operation& operation,
                    const Event& event);
    AtomicUse& use_of(Atomic& atomic, ThreadId thread);
    void note_atomic_write(const Event& write);
    void use_plain(std::uintptr_t address, std::size_t bytes, bool is_write);
    void check_atomics(std::span<const Atomic> atomics, std::uintptr_t address, bool is_write);
    bool has_seen_all_others_end() const;
    [[noreturn]] void report_race(const MemoryUse& earlier, const MemoryUse& use);
    Block* block_before(std::uintptr_t address);
    void check_block(std::uintptr_t address, std::size_t bytes);
    bool is_freed(std::uintptr_t address);
    void check_place(std::uintptr_t address, std::size_t bytes, bool is_atomic);
    std::size_t first_atomic_from(std::uintptr_t address) const;
    std::span<Atomic> atomics_within(std::uintptr_t address, std::size_t bytes);
    Atomic* living_atomic(std::uintptr_t address, std::size_t bytes);
    /// It does nothing any more, whatever comes.
    static bool is_past(const Thread& thread) {
        return thread.has_ended || (thread.is_blocked && !thread.may_go_on);
    }
    /// What is on its stack is wanted no more.
    bool is_stack_dead(const Thread& thread) const { return is_past(thread) && !watches_stacks_; }
    void end_block(Block& block);
    /// That they are before the block is freed.
    void check_uses(const Block& block);
    void replace_atomics(std::span<Atomic> atomics, std::uintptr_t address, bool is_write);
    void settle(const Atomic& atomic);
    void keep_old(std::uintptr_t address, std::size_t bytes);
    [[noreturn]] void give_up(Result result, std::string reason);
    void undo_writes();
    void watch(std::uintptr_t address, std::size_t bytes);
    void report_violation(const std::string& property);
    Recording record(std::vector<ThreadId> order);
    void record_stack();
    Recording::Object object_at(std::uintptr_t address);
    Recording::Object object_of(const Operation& operation);
    void check_leaks();
    bool is_deadlock() const;

    static Runtime* instance;
    static bool is_inside;
    static bool is_touching;         ///< for code under check, which is behind called_from
    static const void* called_from;  ///< in the code under check, behind the call

    std::function<void()> code_;
    VerifyOptions options_;
    Verification verification_;
    Graph failed_graph_;
    ThreadId failed_thread_ = 0;
    Recording* recording_ = nullptr;  ///< null: nobody wants one
    OrderPlaces* orders_ = nullptr;   ///< null: they stay as they are
    std::string_view engine_ = "rc11";
    std::string_view doing_;  ///< what of a library the operations are part of, as in "lock"
    std::exception_ptr error_;
    std::terminate_handler terminate_before_ = nullptr;

    Arena arena_;
    Region region_;
    State* state_ = nullptr;
    std::vector<std::unique_ptr<Fiber>> fibers_;  ///< by thread, of all executions so far
    std::vector<SavedMemory> saved_;
    std::size_t saved_bytes_ = 0;
    std::map<std::pair<std::uintptr_t, std::uint32_t>, LocationId> locations_;
    std::array<std::uint32_t, 64> places_{};  ///< of atomic objects in State::atomics, last time
    std::array<std::uint32_t, 64> block_places_{};  ///< of blocks, the same
    WideValues wide_values_;
    std::vector<AddressRange> thread_locals_;
    std::vector<AddressRange> constants_;  ///< by address: memory that nobody can write to
    /// What code under check has read from outside so far, in any execution: a library may write to
    /// it unseen. By where it begins: where it ends; no two have anything in common.
    std::map<std::uintptr_t, std::uintptr_t> watched_;
    Execution* execution_ = nullptr;
    const Graph* graph_ = nullptr;     ///< of this execution
    const Graph* explored_ = nullptr;  ///< in go_on(): of the one before
    ThreadId current_ = 0;
    bool is_over_ = false;
    std::uint64_t accesses_ = 0;  ///< to plain memory since the last event
    /// Among them is one that others may race with although they do not with an earlier one: since
    /// that, the thread has told others how far it is.
    bool has_touched_ = false;
    // What costs time is looked after only when there is need for it: then the search starts over.
    bool watches_stacks_ = false;
    bool has_thread_locals_ = false;
    bool watches_hints_ = false;  ///< as far as states are concerned
    bool starts_over_ = false;
    std::vector<std::unique_ptr<ThreadStorage>> storage_;  ///< by thread
    bool keeps_states_ = false;
};

/// Marks the runtime's own code: what it does is not under check.
class Runtime::Outside {
 public:
    Outside() { is_inside = false; }
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;
    ~Outside() { is_inside = before_; }

 private:
    bool before_ = is_inside;
};

/// What operations are part of, for whoever reads of them; the outermost counts.
class Runtime::Doing {
 public:
    Doing(Runtime& runtime, std::string_view what) : runtime_(runtime), before_(runtime.doing_) {
        if (before_.empty()) runtime.doing_ = what;
    }
    Doing(const Doing&) = delete;
    Doing& operator=(const Doing&) = delete;
    ~Doing() { runtime_.doing_ = before_; }

 private:
    Runtime& runtime_;
    std::string_view before_;
};

}  // namespace parley::rc11
