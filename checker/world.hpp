#pragma once

#include "parley/checker/choice.hpp"
#include "parley/checker/codec.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/describe.hpp"
#include "parley/checker/drive.hpp"
#include "parley/checker/fifo.hpp"
#include "parley/checker/guard.hpp"
#include "parley/checker/heap.hpp"
#include "parley/checker/record.hpp"
#include "parley/checker/transition_system.hpp"
#include "parley/checker/transport.hpp"
#include "parley/checker/world_symmetry.hpp"
#include "parley/protocols/model/role.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/monitor.hpp"
#include "parley/specs/model/property.hpp"
#include "parley/specs/model/script.hpp"
#include "parley/specs/model/shadow.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace parley::checker {

using model::Party;

/// What a world has beside its parties: queues, monitors, objects and places in the page. Mutants
/// share it.
template <class MonitorTuple, class LeftVariant, class RightVariant>
struct Surroundings {
    using Monitors = MonitorTuple;
    using LeftOutbox = LeftVariant;
    using RightOutbox = RightVariant;
    template <Party party>
    using OutboxOf = std::conditional_t<party == Party::left, LeftOutbox, RightOutbox>;

    Monitors monitors;
    PagePlace place;
    Heap heap;
    std::uint8_t faults = 0;  ///< of the transport, so far
    Fifo<LeftOutbox> left_to_right;
    Fifo<RightOutbox> right_to_left;

    template <Party party>
    auto& outgoing() {
        if constexpr (party == Party::left) {
            return left_to_right;
        } else {
            return right_to_left;
        }
    }
    template <Party party>
    auto& incoming() {
        return outgoing<model::other(party)>();
    }

    /// No step changes anything any more.
    void judge_end(const Conformance* page, StepContext& context) const {
        watch_page_end({page, nullptr}, place, context.judge, context.detail);
        specs::model::judge_end(monitors, context.judge);
        heap.ownership.judge_end(context.judge);
    }

    /// A step of the transport, on the messages that `sender` has sent.
    template <Party sender>
    void fail(Transport::Kind kind, Recorder* recorder) {
        auto& queue = outgoing<sender>();
        switch (kind) {
            case Transport::Kind::fifo:
                break;
            case Transport::Kind::lossy:
                queue.pop();
                ++faults;
                if (recorder != nullptr) recorder->lose(sender);
                break;
            case Transport::Kind::duplicating:
                queue.duplicate();
                ++faults;
                if (recorder != nullptr) recorder->duplicate(sender);
                break;
            case Transport::Kind::reordering:
                queue.push(queue.pop());
                if (recorder != nullptr) recorder->postpone(sender);
                break;
        }
    }
};

template <class V>
using SurroundingsOf = Surroundings<typename V::Monitors, typename decltype(V::Left::role)::Outbox,
                                    typename decltype(V::Right::role)::Outbox>;

/// Roles, scripts and what is between them as one value. `V` is a variant of a protocol under
/// CheckPlatform (see specs::model::VariantList).
template <class V>
struct World : SurroundingsOf<V> {
    using Beside = SurroundingsOf<V>;
    using Options = typename V::Options;
    using Left = typename V::Left;
    using Right = typename V::Right;

    Left left;
    Right right;

    /// Calls `visit` with what makes up each part, in the order of Place.
    template <class Visit>
    void for_each_part(const Visit& visit) {
        PagePlace::OfParty left_place = this->place.of(Party::left);
        PagePlace::OfParty right_place = this->place.of(Party::right);
        visit(left, left_place);
        visit(this->left_to_right);
        visit(this->monitors);
        visit(this->heap);
        visit(right, right_place);
        visit(this->right_to_left);
        visit(this->faults);
    }

    template <Party party>
    auto& script() {
        if constexpr (party == Party::left) {
            return left;
        } else {
            return right;
        }
    }
};

/// A party's window on the surroundings during one step: what a port does for any role.
template <class S, Party party>
class Window {
 public:
    Window(S& surroundings, StepContext& context, std::size_t capacity, const Conformance* page)
        : world_(surroundings), context_(context), capacity_(capacity), page_(page) {}

    template <class Message>
    bool send(Message&& message) {
        using M = std::remove_cvref_t<Message>;
        auto& queue = world_.template outgoing<party>();
        if (queue.size() >= capacity_) {
            context_.is_refused = true;
            note(EventKind::refuse, message);
            watch_refused<Outbox>(PageWatch{page_, context_.coverage}, world_.place, party,
                                  message);
            specs::model::watch_all(world_.monitors, specs::model::Refused<M>{party, message},
                                    context_.judge);
            return false;
        }
        model::for_owned_field(message, [&](auto& owned) {
            if (owned) world_.heap.ownership.send(party, owned.id(), context_.judge);
        });
        if (context_.recorder != nullptr) context_.recorder->send(party, describe(message));
        watch_sent<M>(message);
        context_.sent_kinds |= kind_bit<M>();
        queue.push(std::forward<Message>(message));
        if (context_.coverage != nullptr) context_.coverage->push(party, queue.size());
        return true;
    }

    template <class T, class... Args>
    auto make(Args&&... args) {
        const auto id = world_.heap.ownership.make(party);
        if (!id) throw LimitReached{specs::model::Ownership::limit};
        world_.heap.template construct<T>(*id, std::forward<Args>(args)...);
        note(EventKind::make, *id);
        return specs::model::CheckPlatform::Owned<T>::named(*id);
    }

    template <class Owned>
    auto& access(const Owned& owned) {
        const specs::model::ObjectId id = id_of(owned);
        note(EventKind::access, id);
        world_.heap.ownership.access(party, id, context_.judge);
        return world_.heap.template value<typename Owned::Object>(id ? id : null_object);
    }

    template <class T>
    void destroy(specs::model::CheckPlatform::Owned<T>&& owned) {
        const auto mine = std::move(owned);
        note(EventKind::destroy, mine.id());
        world_.heap.ownership.destroy(party, mine.id(), context_.judge);
    }

    std::uint32_t choose(std::uint32_t count) { return context_.chooser.choose(count); }

    void expect(bool holds, std::string_view sentence) {
        context_.judge.require(holds, specs::model::property::assertion, sentence);
    }

 protected:
    /// The oldest message has come to this party.
    template <class Message>
    void receive_from_other(Message& message) {
        if (context_.recorder != nullptr) context_.recorder->receive(party, describe(message));
        model::for_owned_field(message, [&](auto& owned) {
            if (owned) world_.heap.ownership.receive(party, owned.id());
        });
        const bool was_violated = context_.judge.is_violated();
        specs::model::watch_all(world_.monitors, specs::model::Received<Message>{party, message},
                                context_.judge);
        watch_page<typename S::template OutboxOf<other(party)>>(
            PageWatch{page_, context_.coverage}, world_.place, party,
            specs::model::Direction::receive, message, was_violated, context_.judge,
            context_.detail);
    }
    bool is_detail_wanted() const {
        return context_.recorder != nullptr && context_.detail.empty();
    }
    /// `receiver`: the role in a few words, if they are wanted.
    template <class Message>
    void reject(const Message& message, const std::string& receiver) {
        note(EventKind::reject, message);
        if (is_detail_wanted())
            context_.detail = fmt::format("{} got {}", receiver, describe(message));
        context_.judge.require(false, specs::model::property::unspecified_reception,
                               "a message arrives only in a state that expects it");
    }

 private:
    static constexpr specs::model::ObjectId null_object{1, 0};

    template <class Owned>
    static specs::model::ObjectId id_of(const Owned& owned) {
        if constexpr (requires { owned.id(); }) {
            return owned.id();
        } else {
            return owned.id;
        }
    }

    using Outbox = typename S::template OutboxOf<party>;

    template <class M>
    static constexpr std::uint64_t kind_bit() {
        return std::uint64_t{1} << (32 * model::index_of(party) +
                                    specs::model::alternative_index<M, Outbox>);
    }

    template <class M>
    void watch_sent(const M& message) {
        const bool was_violated = context_.judge.is_violated();
        specs::model::watch_all(world_.monitors, specs::model::Sent<M>{party, message},
                                context_.judge);
        watch_page<Outbox>(PageWatch{page_, context_.coverage}, world_.place, party,
                           specs::model::Direction::send, message, was_violated, context_.judge,
                           context_.detail);
    }

    template <class What>
    void note(EventKind kind, const What& what) {
        if (context_.recorder != nullptr) context_.recorder->add(party, kind, describe(what));
    }

    S& world_;
    StepContext& context_;
    std::size_t capacity_;
    const Conformance* page_;
};

/// A party's port for a script. Parties with the same script have the same port, whatever the other
/// party is.
template <class Script, class Options, class S, Party party>
class WorldPort : public Window<S, party> {
 public:
    WorldPort(Script& script, const Options& options, S& surroundings, StepContext& context,
              std::size_t capacity, const Conformance* page)
        : Window<S, party>(surroundings, context, capacity, page),
          script_(script),
          options_(options) {}

    template <class Message>
    void reject(const Message& message) {
        const bool is_wanted = this->is_detail_wanted();
        Window<S, party>::reject(message, is_wanted ? describe_role(script_.role) : "");
    }

    template <class Message>
    void receive(Message& message) {
        this->receive_from_other(message);
        if constexpr (!std::is_same_v<Message, std::monostate>) {
            hand_over(script_, std::move(message), *this, options_);
        }
    }

 private:
    Script& script_;
    const Options& options_;
};

/// How a world moves: the steps that are open to each party, and taking one.
template <class W>
class Stepper {
 public:
    /// `page`: what the roles must conform to, or null.
    Stepper(const typename W::Options& options, Transport transport,
            std::shared_ptr<const Conformance> page)
        : options_(options), transport_(transport), page_(std::move(page)) {}

    const typename W::Options& options() const { return options_; }

    W initial() const {
        W world{};
        if (page_) world.place = page_->begin();
        return world;
    }

    std::size_t capacity() const { return specs::model::capacity_of(options_); }
    Transport transport() const { return transport_; }

    /// Lets the context's chooser pick one of the steps that are open and takes it. False: none.
    /// Throws LimitReached; an exception of the code under check is a violation.
    bool step(W& world, StepContext& context) const {
        Moves moves;
        list_moves<Party::left>(world, moves);
        list_moves<Party::right>(world, moves);
        if (may_fail(world.left_to_right, world)) moves.open(Party::left, Kind::fail);
        if (may_fail(world.right_to_left, world)) moves.open(Party::right, Kind::fail);
        return step(world, moves, capacity(), context);
    }

    /// The same for the steps of one party, whose outgoing queue is empty and takes `room`
    /// messages.
    template <Party party>
    bool step_of(W& world, std::size_t room, StepContext& context) const {
        Moves moves;
        list_moves<party>(world, moves);
        return step(world, moves, room, context);
    }

    /// Judges a world in which no step changes anything.
    void judge_end(const W& world, StepContext& context) const {
        namespace property = specs::model::property;
        auto& judge = context.judge;
        judge.require(!has_orphan(world.left, world.right_to_left) &&
                          !has_orphan(world.right, world.left_to_right),
                      property::orphan_message, "no message is left for a party that has finished");
        judge.require(
            is_over(world.left, world.right_to_left) && is_over(world.right, world.left_to_right),
            property::deadlock, "some party can move until both have finished");
        if (judge.is_violated() && context.recorder != nullptr) {
            context.detail = fmt::format(
                "{}, {}", describe_rest(world.left.role, is_over(world.left, world.right_to_left)),
                describe_rest(world.right.role, is_over(world.right, world.left_to_right)));
        }
        world.judge_end(page_.get(), context);
    }

    /// Whether all may be over in a world in which some step may be taken.
    bool may_be_over(const W& world) const {
        const PartyRest left = rest_of(world.left, world.right_to_left);
        const PartyRest right = rest_of(world.right, world.left_to_right);
        return checker::may_be_over(left, right);
    }

    /// What the party has come to, with that in its inbox.
    template <class Script, class Inbox>
    PartyRest rest_of(const Script& script, const Inbox& inbox) const {
        if (script.is_done(options_)) return PartyRest::done;
        const bool is_left = inbox.is_empty() && may_be_left(script, options_);
        return is_left ? PartyRest::may_be_left : PartyRest::open;
    }

    /// That the left party finishes, that the right one does, and what makes each monitor hot.
    std::vector<Obligation> obligations() const {
        std::vector<Obligation> list(
            2, {specs::model::property::livelock, "every party comes to its end"});
        const auto add = [&]<class M>(const M&) {
            if constexpr (specs::model::CanBeHot<M>) list.push_back({M::name, M::owes});
        };
        std::apply([&](const auto&... each) { (add(each), ...); }, typename W::Monitors{});
        return list;
    }

    std::uint32_t owed(const W& world) const {
        std::uint32_t owed = 0;
        std::uint32_t bit = 0;
        const auto add = [&](bool is_owed) { owed |= (is_owed ? 1U : 0U) << bit++; };
        add(!may_end(world.left));
        add(!may_end(world.right));
        const auto add_monitor = [&]<class M>(const M& monitor) {
            if constexpr (specs::model::CanBeHot<M>) add(monitor.is_hot());
        };
        std::apply([&](const auto&... each) { (add_monitor(each), ...); }, world.monitors);
        return owed;
    }

 private:
    enum class Kind : std::uint8_t { receive, act, flush, fail };
    /// The steps that are open: a party has three at most and so has the transport two.
    struct Moves {
        std::array<Party, 8> movers{};
        std::array<Kind, 8> kinds{};
        std::size_t count = 0;

        void open(Party party, Kind kind) {
            movers[count] = party;
            kinds[count++] = kind;
        }
    };

    bool step(W& world, const Moves& moves, std::size_t capacity, StepContext& context) const {
        if (moves.count == 0) return false;
        const std::size_t move = context.chooser.choose_step({moves.movers.data(), moves.count});
        const Kind kind = moves.kinds[move];
        context.mover = moves.movers[move];
        context.kind = static_cast<std::uint32_t>(kind);
        context.is_fault = kind == Kind::fail;
        context.open_steps = static_cast<std::uint32_t>(moves.count);
        try {
            const UnderCheck under_check;
            if (context.mover == Party::left) {
                take<Party::left>(world, kind, capacity, context);
            } else {
                take<Party::right>(world, kind, capacity, context);
            }
        } catch (const LimitReached&) {
            throw;
        } catch (const InternalError&) {
            throw;
        } catch (const std::exception& error) {
            fail_by_exception(context, error.what());
        } catch (...) {
            fail_by_exception(context, "an exception of no standard type");
        }
        return true;
    }

    template <Party party>
    void list_moves(W& world, Moves& moves) const {
        const auto& script = world.template script<party>();
        if (script.is_done(options_)) return;
        if (!world.template incoming<party>().is_empty() &&
            specs::model::can_receive(script, options_)) {
            moves.open(party, Kind::receive);
        }
        if (script.can_act(options_)) moves.open(party, Kind::act);
        if (has_pending(script.role)) moves.open(party, Kind::flush);
    }

    template <Party party>
    void take(W& world, Kind kind, std::size_t capacity, StepContext& context) const {
        if (kind == Kind::fail)
            return world.template fail<party>(transport_.kind, context.recorder);
        auto& script = world.template script<party>();
        using Script = std::remove_reference_t<decltype(script)>;
        WorldPort<Script, typename W::Options, typename W::Beside, party> port{
            script, options_, world, context, capacity, page_.get()};
        if (kind == Kind::receive) {
            auto& queue = world.template incoming<party>();
            auto message = queue.pop();
            if (context.coverage != nullptr) context.coverage->pop(other(party), queue.size());
            std::visit([&](auto& each) { port.receive(each); }, message);
        } else if (kind == Kind::act) {
            script.act(port, options_);
        } else {
            flush(script.role, port);
        }
        if (context.recorder != nullptr) {
            context.recorder->end_step(party, describe_state(script.role));
        }
    }

    template <class Queue>
    bool may_fail(const Queue& queue, const W& world) const {
        return checker::may_fail(transport_, queue.size(), capacity(), world.faults);
    }

    template <class Script>
    bool may_end(const Script& script) const {
        return checker::may_end(script, options_) || script.is_done(options_);
    }

    /// Whether all may be over for a party: one that is not done leaves nothing in its inbox.
    template <class Script, class Inbox>
    bool is_over(const Script& script, const Inbox& inbox) const {
        return script.is_done(options_) || (may_end(script) && inbox.is_empty());
    }

    template <class Script, class Inbox>
    bool has_orphan(const Script& script, const Inbox& inbox) const {
        if constexpr (specs::model::leaves_messages<Script>) return false;
        return script.is_done(options_) && !inbox.is_empty();
    }

    typename W::Options options_;
    Transport transport_;
    std::shared_ptr<const Conformance> page_;
};

/// A variant of a protocol under CheckPlatform as a transition system.
template <class V>
class WorldSystem final : public TransitionSystem {
 public:
    explicit WorldSystem(const typename V::Options& options, Transport transport = {},
                         std::shared_ptr<const Conformance> page = nullptr)
        : stepper_(options, transport, page), current_(stepper_.initial()) {
        if constexpr (requires { typename V::Symmetry; }) {
            using Declared = typename V::Symmetry;
            auto symmetry = std::make_unique<WorldSymmetry<World<V>, Declared>>(
                stepper_.initial(), Declared::count(options), page ? page->key() : "");
            if (symmetry->order() > 1) symmetry_ = std::move(symmetry);
        }
    }

    void begin() override { current_ = stepper_.initial(); }
    void load(State state) override {
        std::size_t index = 0;
        current_.for_each_part([&](auto&... part) {
            Reader reader{state[index++]};
            (reader(part), ...);
        });
    }
    bool step(StepContext& context) override {
        next_ = current_;
        return stepper_.step(next_, context);
    }
    void advance() override { current_ = next_; }
    State current() override { return written(current_, current_bytes_); }
    State next() override { return written(next_, next_bytes_); }
    void judge_end(StepContext& context) override { stepper_.judge_end(current_, context); }
    bool may_be_over() const override { return stepper_.may_be_over(current_); }
    std::vector<Obligation> obligations() const override { return stepper_.obligations(); }
    std::uint32_t owed() const override { return stepper_.owed(current_); }

    void load_local(const LocalState& state) override {
        mover_ = state.party;
        room_ = state.room;
        of_mover([&]<Party party>() {
            auto place = current_.place.of(party);
            auto& inbox = current_.template incoming<party>();
            Reader script{state.script};
            script(current_.template script<party>());
            script(place);
            Reader{state.monitors}(current_.monitors);
            Reader{state.heap}(current_.heap);
            inbox.clear();
            current_.template outgoing<party>().clear();
            if (!state.head.empty()) inbox.push(read<party>(state.head));
        });
    }
    bool step_local(StepContext& context) override {
        next_ = current_;
        return of_mover(
            [&]<Party party>() { return stepper_.template step_of<party>(next_, room_, context); });
    }
    PartyRest rest_local() const override {
        return mover_ == Party::left ? stepper_.rest_of(current_.left, current_.right_to_left)
                                     : stepper_.rest_of(current_.right, current_.left_to_right);
    }
    LocalNext next_local() override {
        return of_mover([&]<Party party>() {
            auto place = next_.place.of(party);
            std::byte* to = next_bytes_.room.data();
            const State::Part script = write(to, next_.template script<party>(), place);
            const State::Part monitors = write(to, next_.monitors);
            const State::Part heap = write(to, next_.heap);
            std::size_t sent = 0;
            next_.template outgoing<party>().for_each(
                [&](auto& message) { sent_[sent++] = write(to, message); });
            const bool is_received = next_.template incoming<party>().size() !=
                                     current_.template incoming<party>().size();
            return LocalNext{script, monitors, heap, is_received, {sent_.data(), sent}};
        });
    }
    Transport transport() const override { return stepper_.transport(); }
    std::size_t capacity() const override { return stepper_.capacity(); }
    Symmetry* symmetry() override { return symmetry_.get(); }

 private:
    struct Bytes {
        /// More than enough for a size in front of each part.
        std::array<std::byte, 2 * sizeof(World<V>)> room;
        std::array<State::Part, place_count> parts;
    };

    template <class F>
    auto of_mover(const F& f) {
        return mover_ == Party::left ? f.template operator()<Party::left>()
                                     : f.template operator()<Party::right>();
    }

    /// A message for `party`.
    template <Party party>
    static auto read(State::Part bytes) {
        typename World<V>::template OutboxOf<other(party)> message{};
        Reader{bytes}(message);
        return message;
    }

    static State::Part write(std::byte*& to, auto&... parts) {
        Writer writer{to};
        (writer(parts), ...);
        to += writer.written().size();
        return writer.written();
    }

    static State written(World<V>& world, Bytes& bytes) {
        std::byte* to = bytes.room.data();
        std::size_t index = 0;
        world.for_each_part([&](auto&... part) { bytes.parts[index++] = write(to, part...); });
        return {bytes.parts.data(), bytes.parts.size()};
    }

    Stepper<World<V>> stepper_;
    World<V> current_{};
    World<V> next_{};
    Bytes current_bytes_;
    Bytes next_bytes_;
    Party mover_ = Party::left;  ///< of step_local()
    std::size_t room_ = 0;
    std::array<State::Part, Fifo<std::monostate>::capacity_max> sent_;
    std::unique_ptr<Symmetry> symmetry_;  ///< null: none is declared
};

}  // namespace parley::checker
