#pragma once

#include "parley/checker/memory_log.hpp"
#include "parley/checker/party_end.hpp"
#include "parley/checker/rc11/execution.hpp"
#include "parley/checker/rc11/fiber/fiber.hpp"
#include "parley/checker/rc11/protocol/judged_program.hpp"
#include "parley/checker/rc11/protocol/orders.hpp"
#include "parley/checker/rc11/protocol/waiting.hpp"
#include "parley/checker/trace.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <source_location>
#include <span>
#include <string_view>
#include <vector>

namespace parley::rc11 {

inline constexpr std::size_t parties = 2;

/// Of plain memory, by each thread: how many events it had when it touched it last; 0: it has not.
using Uses = std::array<std::uint32_t, parties>;

/// What is known of a message of a channel.
enum class ChannelEnd : std::uint8_t { sent, taken };

/// What two threads do, again and again. Only thread() runs on them.
class Test {
 public:
    virtual ~Test() = default;
    virtual void before() = 0;
    virtual void thread(unsigned index) = 0;
    /// Nothing can move any more.
    virtual void after(std::array<checker::PartyEnd, parties> ends) = 0;
    /// The run is over, however it went: what before() has made can go.
    virtual void discard() = 0;

    // All that decides how a run goes on, appended as bytes, of a test that knows it: whose threads
    // share nothing but channels, or queues that say what their ends remember, and objects that
    // these carry.
    virtual bool has_states() const { return false; }
    /// What a thread is to do, between its steps, and what it remembers of its queues.
    virtual void write_script(unsigned /*index*/, StateBytes& /*to*/) {}
    /// What belongs to no thread, what is in the queues included.
    virtual void write_shared(StateBytes& /*to*/) {}
};

/// Runs the two threads of a test as fibers for the engine. The types of Rc11Platform call it.
///
/// Atomic accesses are events of the graph; plain memory is memory, each access of which must be
/// ordered with those of the other thread by happens-before. There is one machine at a time, on one
/// thread of the system.
class Machine final : public JudgedProgram {
 public:
    /// `log`: gets the accesses of the last run, or null.
    /// `orders`: sees every memory order, and may change it, or null.
    explicit Machine(Test& test, checker::MemoryLog* log = nullptr, OrderWatch* orders = nullptr);
    /// The same with a test of its own.
    explicit Machine(std::unique_ptr<Test> test, checker::MemoryLog* log = nullptr,
                     OrderWatch* orders = nullptr);
    ~Machine() override;

    static Machine& current() { return *running; }

    const std::optional<checker::Violation>& failure() const override { return failure_; }
    bool has_spun() const override { return has_spun_; }
    const Graph& failed_graph() const override { return failure_ ? failed_graph_ : *graph_; }
    bool has_states() const override { return test_.has_states(); }
    /// From the next run on it can be asked for states. Requires a test that has states.
    void keep_states() override;
    /// All that decides how the run goes on, but for who waits and whose turn it is, while each
    /// thread is at a look(), has not begun or does nothing more: where this is the same, the same
    /// can follow.
    bool write_state(StateBytes& to) override;

    const std::vector<ThreadId>& order() const override { return order_; }

    // What code under check does. A place in the source is that of its caller.
    using Where = std::source_location;

    bool is_in_thread() const { return thread_.has_value(); }
    /// The one that runs.
    ThreadId thread() const { return *thread_; }
    std::uint32_t make_variable() { return variables_++; }
    std::uint32_t variables_made() const { return variables_; }
    /// A location for an atomic, which has the next variable's number.
    LocationId make_location(Value value);
    /// A channel has `channel_variables` variables.
    std::uint32_t make_channel();
    /// Whether a message is known to be sent, or taken: an acquire load.
    bool look(std::uint32_t channel, ChannelEnd end, std::uint32_t message,
              const Where& where = Where::current());
    /// Says that it is: a release store.
    void signal(std::uint32_t channel, ChannelEnd end, std::uint32_t message,
                const Where& where = Where::current());
    Value access(const Operation& operation, const Where& where);
    void fence(Order order, const Where& where);
    std::uint32_t choose(std::uint32_t count);
    /// A use of plain memory, after `uses` by each thread so far. False: it races with one.
    [[nodiscard]] bool use(Uses& uses);
    /// The same of a cell, which lives as long as the run.
    [[nodiscard]] bool use_cell(std::uint32_t variable, Uses& uses);
    void record(checker::MemoryEvent event, const Where& where);
    void* allocate(std::size_t bytes, std::size_t alignment);
    std::uint32_t make_object() { return objects_++; }
    /// Where the running thread has to note what its step depends on beside its script; null:
    /// nowhere.
    StateBytes* answers() { return keeps_states_ ? &answers_[*thread_] : nullptr; }
    /// The thread is about to touch an object, which may change it.
    void touch(std::span<const std::byte> object);

    /// The thread has done something, and its script looks like this now.
    void end_step(std::span<const std::byte> script);
    /// It has found nothing to do. Returns when it is worth to look again.
    void wait(std::span<const std::byte> script);
    /// It may be left here, as it is, and comes back where it is not. Where it has missed
    /// something, or the other one does not come to its end, it should have gone on.
    void may_leave();

    [[noreturn]] void fail(checker::Violation violation);
    [[noreturn]] void fail(std::string_view property, std::string_view sentence, std::string detail,
                           const Where& where);

 private:
    struct Failed {};
    /// A store of a thread, as the other one may see it.
    struct Written {
        std::uint32_t index;  ///< of the event in its thread
        LocationId location;  ///< of a signal, its ChannelEnd
        bool is_release;
    };

    void prepare(Graph& /*graph*/) override {}
    std::size_t initial_threads() const override { return parties; }
    void run(Execution& execution) override;
    void begin(Execution& execution);
    void enter(ThreadId thread);
    void judge();
    void judge_livelock();
    static void enter_thread(void* machine);
    void run_thread();
    LocationId location_of(std::uint32_t variable, Value initial_value);
    /// How many events of the thread the other one knows of.
    std::uint32_t known(ThreadId thread) const;
    std::span<const Written> unknown(ThreadId thread) const;
    void write_thread(ThreadId thread, StateBytes& to) const;
    void write_readable(LocationId location, StateBytes& to) const;
    void write_uses(const Uses& uses, StateBytes& to) const;
    void take_step(const Operation& operation, Answer& answer);
    Answer perform(const Operation& operation);
    Operation with_order(const Operation& operation, const Where& where) {
        return orders_ == nullptr ? operation : orders_->watch(operation, where);
    }
    void block(Waiting::Verdict verdict);
    Wait wait_of(Waiting::Verdict verdict) const;
    std::uint32_t events() const { return graph_->at(execution_->last_event(*thread_)).index + 1; }
    [[noreturn]] void leave_run();
    checker::PartyEnd end_of(ThreadId thread) const;
    void log_access(const Operation& operation, const Where& where);

    inline static Machine* running = nullptr;

    std::unique_ptr<Test> own_test_;
    Test& test_;
    checker::MemoryLog* log_;
    OrderWatch* orders_;
    std::array<Fiber, parties> fibers_;
    std::array<Waiting, parties> waiting_;
    std::array<std::uint32_t, parties> events_before_{};  ///< the round of each thread
    std::array<bool, parties> has_started_{};
    std::array<bool, parties> has_ended_{};
    std::array<bool, parties> is_left_{};
    std::optional<ThreadId> thread_;  ///< that runs; none: before or after
    Execution* execution_ = nullptr;
    const Graph* graph_ = nullptr;
    std::vector<ThreadId> order_;
    std::uint32_t variables_ = 0;
    std::vector<std::uint32_t> variable_at_;           ///< by location; those of all runs so far
    std::map<std::uint32_t, LocationId> location_of_;  ///< by variable, the same in all runs
    // Of each thread: its script at the end of its last step and all that it has been told since;
    // what it has written.
    std::array<StateBytes, parties> answers_;
    std::array<std::vector<Written>, parties> written_;
    std::vector<LocationId> atomics_;     ///< of this run
    std::vector<const Uses*> cell_uses_;  ///< by variable; null: nobody has touched it
    bool keeps_states_ = false;
    std::uint32_t objects_ = 0;
    std::pmr::monotonic_buffer_resource heap_;
    bool has_touched_ = false;  ///< plain memory, since the last event
    bool is_over_ = false;
    bool has_spun_ = false;
    std::optional<checker::Violation> failure_;
    Graph failed_graph_;
    std::exception_ptr error_;
};

/// Fails the run if the other thread may be at the cell too.
void touch_cell(std::uint32_t variable, Uses& uses, const std::source_location& where);

}  // namespace parley::rc11
