#include "parley/checker/rc11/explorer.hpp"

#include "parley/checker/rc11/consistency.hpp"
#include "parley/checker/rc11/delays.hpp"
#include "parley/checker/rc11/revisits.hpp"
#include "parley/checker/rc11/schedule.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/require.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

namespace parley::rc11 {

namespace {

using checker::InputError;
using checker::require;
using Kind = Operation::Kind;

constexpr std::size_t none = SIZE_MAX;

/// Something that is still to be tried: another way to add the event that came after the first
/// `size` events of the graph.
struct Branch {
    enum class Way : std::uint8_t {
        source,    ///< a read, from the write `choice`
        position,  ///< a write, at `choice` in the modification order
        option,    ///< a choice of `choice`
        revisit,   ///< a write that the earlier read `choice` is to read from
        placed,    ///< the same in the smaller graph, at `choice` in the modification order
    };
    Way way = Way::source;
    ThreadId thread = 0;
    std::uint32_t choice = 0;
    std::size_t size = 0;
    Operation operation;
    std::uint32_t level = 0;  ///< of the execution that it leads to, in the tree of all of them
};

/// What is still to be tried with a graph. Each revisit has a frame of its own.
struct Frame {
    std::vector<Branch> branches;
    Delays delays;
    EventId revisited = initial;   ///< the read that the frame is about
    Graph::Rest rest;              ///< what the graph was before
    std::size_t saved_before = 0;  ///< how many states had been saved before there was this frame
    std::size_t newest = none;     ///< of the saved states that can be gone on from
};

/// A state of the program that runs can start from: it has taken the first `size` events of a
/// graph.
struct Saved {
    std::size_t size = 0;
    std::size_t older = none;  ///< the one that can be gone on from when this one cannot
    bool has_failed = false;
    Schedule schedule;
};

class Explorer final : private Execution {
    static constexpr std::size_t saved_max = 256;
    /// In a row: the program cannot, and is not asked again.
    static constexpr std::size_t failed_saves_max = 64;
    static constexpr std::size_t events_per_save = 4;
    static constexpr std::uint64_t starts_per_rerun = 256;

 public:
    Explorer(Program& program, const ExploreOptions& options)
        : program_(program), options_(options) {}

    ExploreResult explore() {
        push_frame();
        graph_.clear(program_.initial_threads());
        program_.prepare(graph_);
        begin_unit();
        do {
            run();
        } while (!is_over() && turn_to_next());
        if (result_.limit.empty()) end_unit();
        return result_;
    }

 private:
    /// Replays the graph and extends it, taking one way at each event and keeping the others.
    void run() {
        first_new_ = graph_.size();
        do {
            is_dead_ = is_delaying_ = has_failed_ = false;
            start();
        } while (is_delaying_);
        if (is_dead_) return;
        if (schedule_.is_replaying() && !has_failed_) refuse_change("ends earlier");
        const Ending ending = schedule_.is_complete() ? Ending::complete : Ending::blocked;
        if (is_own_unit_) {
            ++(ending == Ending::complete ? result_.complete : result_.blocked);
            if (has_failed_) ++result_.failures;
        }
        if (options_.on_end) options_.on_end(graph_, ending);
    }

    /// From the newest state that can be gone on from, and now and then from the start, to see that
    /// the program does the same again.
    void start() {
        is_saving_ = false;
        turn_size_ = none;
        tried_save_ = 0;
        if (frame().newest == none || ++starts_ % starts_per_rerun == 0) {
            schedule_.restart(graph_, program_.initial_threads());
            program_.run(*this);
        } else {
            const Saved& saved = saved_[frame().newest];
            schedule_.resume(saved.schedule, graph_);
            has_failed_ = saved.has_failed;
            program_.resume(*this, frame().newest);
        }
    }

    bool is_over() {
        if (result_.complete + result_.blocked >= options_.executions_max) {
            result_.limit = fmt::format("{} executions", options_.executions_max);
        }
        if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
            result_.limit = "stopped";
        }
        return !result_.limit.empty();
    }

    /// Takes the latest branch that leads to a consistent graph; false: there is none left.
    bool turn_to_next() {
        while (depth_ > 0) {
            if (frame().branches.empty()) {
                pop_frame();
                continue;
            }
            const Branch branch = frame().branches.back();
            frame().branches.pop_back();
            level_ = branch.level;
            if (!take(branch)) continue;
            const std::size_t kept = frame().branches.size();
            if (!complete_updates()) {
                leave_to_themselves(kept);
            } else if (is_wanted()) {
                return true;
            }
        }
        return false;
    }

    /// There is no execution that the branches from number `first` on would be the children of.
    void leave_to_themselves(std::size_t first) {
        auto& branches = frame().branches;
        for (std::size_t i = first; i < branches.size(); ++i) branches[i].level = level_;
    }

    /// False: the execution is the root of a unit that is not our own.
    bool is_wanted() {
        if (options_.units == nullptr || level_ > options_.units_level) return true;
        end_unit();
        begin_unit();
        if (is_own_unit_ || level_ < options_.units_level) return true;
        auto& branches = frame().branches;
        while (!branches.empty() && branches.back().level > level_) branches.pop_back();
        return false;
    }
    void begin_unit() {
        if (options_.units != nullptr) is_own_unit_ = options_.units->begin(unit_);
    }
    void end_unit() {
        if (options_.units != nullptr) options_.units->end(unit_++, is_own_unit_);
    }

    bool take(const Branch& branch) {
        frame().delays.forget(branch.size);
        if (branch.way == Branch::Way::placed) return take_placed(branch);
        graph_.cut(branch.size);
        forget_saved(branch.size);
        switch (branch.way) {
            case Branch::Way::source:
                return is_consistent(
                    graph_.add_read(branch.thread, branch.operation, branch.choice));
            case Branch::Way::position:
                return is_consistent(place_write(branch.thread, branch.operation, branch.choice));
            case Branch::Way::option:
                graph_.add_other(branch.thread, branch.operation, initial, branch.choice);
                return true;
            default:
                push_revisit(branch);
                return false;
        }
    }

    /// A new frame with what is left of the graph when the read is to read from the write.
    void push_revisit(const Branch& branch) {
        const Frame& below = frame();
        const std::size_t newest = below.newest;
        Frame& top = push_frame();
        top.delays = below.delays;
        top.delays.forget(branch.choice);
        graph_.restrict(branch.choice, graph_.seen_by(branch.thread, Seen::porf), top.rest);
        top.revisited = branch.choice;
        top.newest = newest;
        forget_saved(top.revisited);
        find_write_positions(graph_, branch.thread, branch.operation, positions_);
        for (const std::uint32_t position : positions_) {
            top.branches.push_back({Branch::Way::placed, branch.thread, position, graph_.size(),
                                    branch.operation, branch.level});
        }
    }

    /// Back to the graph of the frame below, as far as its next branch wants it.
    void pop_frame() {
        const Frame& top = frame();
        saved_count_ = top.saved_before;
        if (--depth_ == 0) return;
        top_ = &frames_[depth_ - 1];
        const Frame& below = frame();
        const std::size_t size = !below.branches.empty()      ? below.branches.back().size
                                 : below.revisited == initial ? 0
                                                              : below.revisited + std::size_t{1};
        graph_.restore(top.revisited, top.rest, size);
    }

    bool take_placed(const Branch& branch) {
        const EventId read = frame().revisited;
        if (!graph_.is_detached()) {
            graph_.cut(branch.size + 1);
            graph_.detach(read);
        }
        graph_.cut(branch.size);
        forget_saved(read);
        const EventId write = place_write(branch.thread, branch.operation, branch.choice);
        if (!is_consistent(write)) return false;
        const ConstClock seen = graph_.seen_before(read, Seen::happens_before);
        const LocationId location = branch.operation.location;
        if (graph_.position(write) < observed_position(graph_, seen, location)) return false;
        graph_.attach(write);
        return is_consistent(read);
    }

    /// Only the first `size` events of the graph are as they were.
    void forget_saved(std::size_t size) {
        Frame& top = frame();
        while (top.newest != none && saved_[top.newest].size > size) {
            top.newest = saved_[top.newest].older;
        }
        saved_count_ = top.saved_before;
        if (top.newest != none) saved_count_ = std::max(saved_count_, top.newest + 1);
    }

    /// Whether running up to here again has become longer than saving the state takes.
    bool is_worth_saving(const Operation& operation) const {
        return (operation.kind == Kind::load || operation.kind == Kind::modify ||
                operation.kind == Kind::choose) &&
               graph_.size() >= next_save() && saved_count_ < saved_max &&
               failed_saves_ < failed_saves_max;
    }
    std::size_t next_save() const {
        const std::size_t newest = top_->newest;
        return std::max(tried_save_, newest == none ? 0 : saved_[newest].size) + events_per_save;
    }
    /// Whose turn it is then.
    [[gnu::noinline]] std::optional<ThreadId> save() {
        is_saving_ = false;
        tried_save_ = graph_.size();
        if (!program_.save(saved_count_)) {
            ++failed_saves_;
            return saving_;
        }
        failed_saves_ = 0;
        if (saved_.size() == saved_count_) saved_.emplace_back();
        Saved& saved = saved_[saved_count_];
        saved.size = graph_.size();
        saved.older = frame().newest;
        saved.has_failed = has_failed_;
        saved.schedule = schedule_;
        frame().newest = saved_count_++;
        return saving_;
    }

    [[gnu::always_inline]] EventId place_write(ThreadId thread, const Operation& operation,
                                               std::uint32_t position) {
        return graph_.add_write(thread, operation, value_to_write(thread, operation), position);
    }

    [[gnu::always_inline]] Value value_to_write(ThreadId thread, const Operation& operation) const {
        if (operation.kind == Kind::store) return truncated(operation.value, operation.bytes);
        return updated(operation, graph_.at(graph_.thread(thread).back()).value);
    }

    [[gnu::always_inline]] bool is_consistent(EventId event) {
        if (!is_psc_acyclic_at(graph_, event)) return false;
        if (graph_.location(graph_.at(event).operation.location).has_plain) look_for_race(event);
        return true;
    }
    [[gnu::noinline]] void look_for_race(EventId event) {
        if (result_.race) return;
        if (const auto other = find_race(graph_, event)) {
            result_.race = {graph_.at(*other), graph_.at(event)};
        }
    }

    /// Adds the writes of read-modify-writes whose reads have got another source.
    bool complete_updates() {
        for (ThreadId thread = 0; thread < graph_.threads(); ++thread) {
            const auto read = graph_.half_update(thread);
            if (!read) continue;
            // A copy: events move when there is one more.
            const Operation operation = graph_.at(*read).operation;
            if (!add_write(thread, operation)) return false;
        }
        return true;
    }

    /// Adds a write, or the write of a read-modify-write, and keeps the other ways to do it.
    /// False: there is no consistent one to go on with.
    [[gnu::always_inline]] bool add_write(ThreadId thread, const Operation& operation) {
        const std::size_t size = graph_.size();
        find_revisited_reads(graph_, thread, operation, reads_);
        for (const EventId read : reads_) {
            keep({Branch::Way::revisit, thread, read, size, operation});
        }
        find_write_positions(graph_, thread, operation, positions_);
        if (positions_.empty()) return false;
        for (std::size_t i = 0; i + 1 < positions_.size(); ++i) {
            keep({Branch::Way::position, thread, positions_[i], size, operation});
        }
        return is_consistent(place_write(thread, operation, positions_.back()));
    }

    /// Adds a read from the latest write and keeps the other ways to do it.
    [[gnu::always_inline]] EventId add_read(ThreadId thread, const Operation& operation) {
        const ConstClock seen = graph_.seen_by(thread, Seen::happens_before);
        const std::vector<EventId>& order = graph_.location(operation.location).order;
        for (std::size_t i = observed_position(graph_, seen, operation.location);
             i + 1 < order.size(); ++i) {
            if (frame().delays.is_known_to_wait(graph_, thread, order[i])) continue;
            keep({Branch::Way::source, thread, order[i], graph_.size(), operation});
        }
        const EventId read = graph_.add_read(thread, operation, order.back());
        require(is_consistent(read), "the latest write can always be read");
        return read;
    }

    bool is_delayed(ThreadId thread) {
        return !frame().delays.is_empty() && frame().delays.is_delayed(graph_, thread);
    }

    /// Whose turn it is among those that are not delayed: the thread of the newest event goes on,
    /// as it does when nothing is put off, and then the lowest. This depends on the graph and not
    /// on where its run began, so that searches that are gone on from elsewhere are the same.
    std::optional<ThreadId> next_not_delayed() {
        if (graph_.size() > 0) {
            const ThreadId last = graph_.at(newest()).thread;
            if (schedule_.can_go_on(last) && !is_delayed(last)) return last;
        }
        return schedule_.next_thread([&](ThreadId thread) { return !is_delayed(thread); });
    }
    /// Whether it is the turn of the thread that runs, as next_not_delayed() says: it is when no
    /// event has come since it was told so, and the thread of the newest event comes first when it
    /// can go on, as whoever runs can.
    bool is_next(ThreadId thread) {
        if (frame().delays.is_empty() || turn_size_ == graph_.size()) return true;
        if (graph_.at(newest()).thread == thread) return !is_delayed(thread);
        return next_not_delayed() == thread;
    }

    /// Who is delayed comes last, and then waits for good.
    [[gnu::noinline]] std::optional<ThreadId> next_of_some_delayed() {
        turn_size_ = graph_.size();
        if (const auto other = next_not_delayed()) return other;
        const auto delayed = schedule_.next_thread();
        if (delayed) {
            frame().delays.add({.thread = *delayed,
                                .index = schedule_.taken(*delayed),
                                .size = graph_.size(),
                                .is_over = true});
        }
        return delayed;
    }

    /// A write that is later in the modification order came before the read: no revisit takes that
    /// read away (see Maximality), so that the thread waits in all that follows.
    bool reads_stale(EventId read) const {
        const auto& order = graph_.location(graph_.at(read).operation.location).order;
        return std::any_of(order.begin() + graph_.position(read) + 1, order.end(),
                           [&](EventId write) { return write < read; });
    }

    /// A race of the read itself with a plain access may be one of this execution only.
    bool may_leave_out(EventId read) const {
        return !options_.takes_all_waits && !has_failed_ &&
               !graph_.location(graph_.at(read).operation.location).has_plain;
    }

    /// The read was the last that this run has added, and something newer may come.
    bool can_delay(ThreadId thread, EventId read) {
        return read >= first_new_ && read == newest() &&
               !frame().delays.is_over(thread, graph_.at(read).index);
    }

    /// Goes back to before the read, with the thread alone or with the whole run.
    Answer::Kind delay(ThreadId thread, EventId read, bool takes_again) {
        const Event event = graph_.at(read);
        const LocationId location = event.operation.location;
        auto& branches = frame().branches;
        while (!branches.empty() && branches.back().size >= read) branches.pop_back();
        graph_.cut(read);
        frame().delays.add({.thread = thread,
                            .index = event.index,
                            .location = location,
                            .source = event.source,
                            .writes = graph_.location(location).order.size(),
                            .size = read});
        schedule_.take_back(thread);
        turn_size_ = none;
        if (takes_again) return Answer::Kind::done;
        is_delaying_ = true;
        return die().kind;
    }

    EventId add_choice(ThreadId thread, const Operation& operation) {
        for (auto option = static_cast<std::uint32_t>(operation.value); option-- > 1;) {
            keep({Branch::Way::option, thread, option, graph_.size(), operation});
        }
        return graph_.add_other(thread, operation, initial, 0);
    }

    void keep(Branch branch) {
        branch.level = level_ + 1;
        frame().branches.push_back(branch);
    }

    std::optional<ThreadId> next_thread() override {
        if (is_saving_) return save();
        if (is_dead_) return std::nullopt;
        if (schedule_.is_replaying() || frame().delays.is_empty()) return schedule_.next_thread();
        return next_of_some_delayed();
    }

    Answer perform(ThreadId thread, const Operation& operation) override {
        if (schedule_.is_replaying()) return replay(thread, operation);
        return extend(thread, operation);
    }

    /// No thread goes on in this execution.
    bool is_left() const { return is_dead_ || !result_.limit.empty(); }

    // These two are on their own and all that perform() does: it ends with a jump to one of them.

    [[gnu::noinline]] Answer replay(ThreadId thread, const Operation& operation) {
        if (is_left()) return {Answer::Kind::leave};
        const auto next = schedule_.kept_event_of_known(thread);
        if (!next || !schedule_.is_ready(*next)) return {Answer::Kind::wait};
        EventId kept = *next;
        const Event& event = graph_.at(kept);
        if (event.operation != operation) refuse_change("does something else");
        take_event(thread, kept);
        if (event.is_read() && does_write(operation, event.value)) {
            kept = graph_.thread(thread)[event.index + 1];
            take_event(thread, kept);
        }
        return {Answer::Kind::done, kept, event.value};
    }

    [[gnu::noinline]] Answer extend(ThreadId thread, const Operation& operation) {
        if (is_left()) return {Answer::Kind::leave};
        if (!is_next(thread)) return {Answer::Kind::wait};
        if (is_worth_saving(operation)) {
            is_saving_ = true;
            saving_ = thread;
            return {Answer::Kind::wait};
        }
        if (graph_.size() >= options_.events_max) {
            result_.limit = fmt::format("{} events in one execution", options_.events_max);
            return die();
        }
        switch (operation.kind) {
            case Kind::load:
                return done(thread, add_read(thread, operation));
            case Kind::store:
                if (!add_write(thread, operation)) return die();
                return done(thread, newest());
            case Kind::modify:
                return extend_modify(thread, operation);
            case Kind::choose:
                return done(thread, add_choice(thread, operation));
            case Kind::join:
                return extend_join(thread, operation);
            case Kind::begin:
                return done(thread,
                            graph_.add_other(thread, operation, schedule_.creation(thread), 0));
            case Kind::fence:
                return done(thread, graph_.add_other(thread, operation, initial, 0));
            case Kind::create:
            case Kind::end:
                take_event(thread, graph_.add_other(thread, operation, initial, 0));
                return {Answer::Kind::done, newest()};
        }
        return die();
    }

    Answer extend_modify(ThreadId thread, const Operation& operation) {
        const EventId read = add_read(thread, operation);
        Answer answer = done(thread, read);
        if (!does_write(operation, answer.value)) return answer;
        if (!add_write(thread, operation)) return die();
        answer.event = newest();
        schedule_.take_step(thread);
        return answer;
    }

    Answer extend_join(ThreadId thread, const Operation& operation) {
        if (const EventId end = schedule_.end(operation.child); end != initial) {
            return done(thread, graph_.add_other(thread, operation, end, 0));
        }
        schedule_.wait_for(thread, operation.child);
        return {Answer::Kind::wait};
    }

    EventId newest() const { return static_cast<EventId>(graph_.size() - 1); }

    [[gnu::always_inline]] void take_event(ThreadId thread, EventId event) {
        schedule_.take(thread, event);
    }

    /// The event is new, and neither creates nor ends a thread.
    [[gnu::always_inline]] Answer done(ThreadId thread, EventId event) {
        schedule_.take_step(thread);
        return {Answer::Kind::done, event, graph_.at(event).value};
    }

    /// The graph cannot be gone on with: what follows from it has been kept.
    Answer die() {
        is_dead_ = true;
        return {Answer::Kind::leave};
    }

    Answer::Kind block(ThreadId thread, Wait wait) override {
        const EventId last = last_event(thread);
        if (wait != Wait::for_good && graph_.at(last).is_read() && may_leave_out(last)) {
            if (reads_stale(last)) return die().kind;
            if (can_delay(thread, last)) return delay(thread, last, wait == Wait::takes_again);
        }
        schedule_.block(thread);
        return Answer::Kind::wait;
    }

    void fail(ThreadId /*thread*/, const std::string& property) override {
        has_failed_ = true;
        if (result_.failure.empty()) result_.failure = property;
    }

    ThreadId new_thread(ThreadId creator) override {
        if (const auto kept = schedule_.kept_event(creator)) {
            return graph_.at(*kept).operation.child;
        }
        return schedule_.free_number();
    }

    void set_initial_value(LocationId location, Value value) override {
        graph_.set_initial_value(location, value);
    }

    EventId last_event(ThreadId thread) const override {
        return graph_.thread(thread)[schedule_.taken(thread) - 1];
    }

    [[noreturn]] static void refuse_change(const char* difference) {
        throw InputError(
            fmt::format("the program {} when it is run again: it must depend on "
                        "nothing but what it reads",
                        difference));
    }

    Frame& frame() { return *top_; }
    const Graph& graph() const override { return graph_; }

    Frame& push_frame() {
        if (depth_ == frames_.size()) frames_.emplace_back();
        Frame& top = frames_[depth_++];
        top_ = &top;
        top.branches.clear();
        top.delays.clear();
        top.revisited = initial;
        top.saved_before = saved_count_;
        top.newest = none;
        return top;
    }

    Program& program_;
    const ExploreOptions& options_;
    Graph graph_;
    std::deque<Frame> frames_;  ///< those from depth_ on are kept for their memory
    std::size_t depth_ = 0;
    Frame* top_ = nullptr;
    Schedule schedule_;
    std::uint32_t level_ = 0;  ///< of this execution, in the tree of all of them
    std::uint64_t unit_ = 0;
    bool is_own_unit_ = true;
    std::vector<Saved> saved_;  ///< those from saved_count_ on are kept for their memory
    std::size_t saved_count_ = 0;
    std::size_t tried_save_ = 0;  ///< the size of the graph in this run
    std::size_t failed_saves_ = 0;
    std::uint64_t starts_ = 0;
    bool is_saving_ = false;
    ThreadId saving_ = 0;  ///< whose turn it is when that is done
    /// Of the graph when the thread that runs was told that it was its turn; none: it was not, or
    /// it has been delayed since.
    std::size_t turn_size_ = none;
    std::vector<std::uint32_t> positions_;  ///< scratch
    std::vector<EventId> reads_;            ///< scratch
    std::size_t first_new_ = 0;             ///< the first event that the run has added to its graph
    bool is_delaying_ = false;
    bool is_dead_ = false;
    bool has_failed_ = false;
    ExploreResult result_;
};

}  // namespace

ExploreResult explore(Program& program, const ExploreOptions& options) {
    // On the heap: its graph is wanted still when code under check has crashed and left it by a
    // jump.
    return std::make_unique<Explorer>(program, options)->explore();
}

}  // namespace parley::rc11
