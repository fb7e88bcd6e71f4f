#pragma once

#include "parley/checker/campaign.hpp"
#include "parley/checker/coverage.hpp"
#include "parley/checker/guard.hpp"
#include "parley/checker/memory_log.hpp"
#include "parley/checker/party_end.hpp"
#include "parley/checker/rc11/compiled/ending.hpp"
#include "parley/checker/rc11/compiled/place_table.hpp"
#include "parley/checker/rc11/protocol/judged_program.hpp"
#include "parley/checker/rc11/protocol/waiting.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::rc11 {

class Recording;
class Runtime;

/// What reports call this engine.
inline constexpr std::string_view compiled_engine = "native";

/// What compiled code of two parties is, again and again.
class CompiledTest {
 public:
    virtual ~CompiledTest() = default;
    /// All of it: makes what it needs, starts the right party, is the left one, and cleans up.
    /// Under check.
    virtual void code() = 0;
    /// Nothing can move any more. Not under check, and what code() has made is still there. Whether
    /// all has come to its end: then code() comes to its own.
    virtual bool after(std::array<checker::PartyEnd, 2> ends) = 0;
    /// Appends what looks on and is not under check, with the number by which it knows each object.
    virtual void write_onlooker(StateBytes& to) = 0;
};

/// What looks on while code under check runs, and has to come back to what it was when the code
/// does.
class Onlooker {
 public:
    virtual ~Onlooker() = default;
    virtual std::unique_ptr<Onlooker> copy() const = 0;
    virtual void assign(const Onlooker& other) = 0;
};

/// Runs the two threads of compiled code, which is linked to the runtime, for the search of a
/// protocol check: whose threads wait by Waiting as those of Machine do, so that both have the same
/// executions. Thread 0 is the left party, thread 1 the right one.
///
/// Functions that code under check calls are not under check themselves. They are not to be inlined
/// into it, since what is compiled for the check tells the runtime of all that it does.
class CompiledMachine final : public JudgedProgram {
 public:
    /// `log`: gets the atomic accesses of the last run, or null.
    CompiledMachine(std::unique_ptr<CompiledTest> test, checker::Campaign& campaign,
                    checker::MemoryLog* log);
    ~CompiledMachine() override;

    static CompiledMachine& current() { return *running; }

    const std::optional<checker::Violation>& failure() const override { return failure_; }
    const Graph& failed_graph() const override;
    const std::vector<ThreadId>& order() const override { return state_.order; }
    bool has_spun() const override { return has_spun_; }
    bool must_start_over() const override;
    void leave_behind() override;
    std::vector<checker::RaceEnd> race() override;
    bool has_states() const override { return true; }
    void keep_states() override;
    bool write_state(StateBytes& to) override;

    /// How many variables a queue has at most, as the log numbers them.
    static constexpr std::uint32_t variables_per_queue = 1'000;
    static constexpr std::uint32_t variables_of_queues = 2 * variables_per_queue;

    // What code under check does, and what it does not.

    /// What `work` does is not under check.
    class Outside {
     public:
        Outside();
        ~Outside();
        Outside(const Outside&) = delete;
        Outside& operator=(const Outside&) = delete;

     private:
        checker::NotUnderCheck tool_;
        bool was_inside_;
    };
    static std::uint32_t choose(std::uint32_t count);
    /// The party has done something, and its script looks like this now.
    static void end_step(std::span<const std::byte> script);
    /// It has found nothing to do. Returns when it is worth to look again, or all is over.
    static void wait(std::span<const std::byte> script);
    /// It may be left here, as it is: whether all is over now. As Machine::may_leave().
    static bool may_leave();
    /// All has come to its end, and whoever still waits may go.
    static bool is_over() { return current().is_over_; }
    /// What has been thrown leaves the party. Requires that an exception is being handled.
    [[noreturn]] static void leave_by_exception();
    /// The party has come to its end.
    static void finish();
    /// The party has made an object.
    static void note_object(const void* object);
    /// The party is about to touch an object, which may change it.
    static void touch(std::span<const std::byte> object);

    // The following are called outside.
    [[noreturn]] void fail(checker::Violation violation);
    std::uint32_t number_of(const void* object) const;
    /// The number of the first variable of the next queue.
    std::uint32_t variables_made() {
        return std::exchange(state_.variables, state_.variables + variables_per_queue);
    }
    /// There is one, at the same place in all runs; null: not yet.
    Onlooker* onlooker() { return onlooker_.get(); }
    void keep(std::unique_ptr<Onlooker> onlooker) { onlooker_ = std::move(onlooker); }
    void note_queues(std::span<const std::byte> left_to_right,
                     std::span<const std::byte> right_to_left) {
        queues_ = {left_to_right, right_to_left};
    }

 private:
    class Watched;
    struct Failed {};
    /// What a run has come to beside what code under check has.
    struct State {
        std::array<Waiting, 2> waiting;
        std::array<bool, 2> has_ended{};
        std::array<bool, 2> is_left{};
        std::vector<ThreadId> order;
        std::vector<const void*> objects;  ///< in the order in which the run has made them
        std::uint32_t variables = 0;
        std::optional<checker::Coverage> coverage;
    };
    struct Saved {
        State state;
        std::unique_ptr<Onlooker> onlooker;
    };

    void prepare(Graph& /*graph*/) override {}
    void run(Execution& execution) override;
    bool save(std::size_t slot) override;
    void resume(Execution& execution, std::size_t slot) override;
    void begin(State state);
    void run_on(Execution& execution, const std::function<void(Program&, Execution&)>& run);
    void conclude(const Graph& graph);
    void count_coverage();
    void come_to_end(const Graph& graph);
    bool judge(const Graph& graph);
    void judge_livelock(const Graph& graph);
    void take_over_finding(const Graph& graph);
    void fail_in(checker::Violation violation, const Graph& graph);
    checker::PartyEnd end_of(ThreadId thread, const Graph& graph) const;
    bool is_complete() const { return state_.has_ended[0] && state_.has_ended[1]; }
    void note(ThreadId thread, const Operation& operation, const Answer& answer,
              const Graph& graph);
    void log(ThreadId thread, const Operation& operation, EventId event, const Graph& graph);
    std::uint32_t variable_at(ThreadId thread, const Operation& operation) const;
    void name_variable(std::uint32_t variable, LocationId location);
    void learn_names();
    void block(Waiting::Verdict verdict);

    inline static CompiledMachine* running = nullptr;

    std::unique_ptr<CompiledTest> test_;
    checker::Campaign& campaign_;
    checker::MemoryLog* log_;
    std::unique_ptr<Runtime> runtime_;
    std::unique_ptr<Recording> recording_;  ///< of a run that is logged
    PlaceTable places_;
    std::map<std::uintptr_t, std::string> names_;  ///< of atomic objects that are no queue's
    std::vector<std::uintptr_t> unnamed_;          ///< those that have been asked for since
    State state_;
    State first_state_;
    std::vector<Saved> saved_;
    std::optional<checker::Coverage> coverage_;  ///< of all runs before
    std::array<std::span<const std::byte>, 2> queues_;
    std::unique_ptr<Onlooker> onlooker_;
    Ending ending_;
    bool is_running_ = false;
    bool is_over_ = false;
    bool has_spun_ = false;
    std::optional<checker::Violation> failure_;
    Graph failed_graph_;
    std::exception_ptr error_;
};

}  // namespace parley::rc11
