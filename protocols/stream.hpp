#pragma once

#include "parley/protocols/model/platform.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

/// Stream: items from a source to a sink that asks for them, finite or infinite: next* and then
/// completed, failed or cancelled.
///
///     sink                source
///      |-- Request(2) ------>|
///      |<----------- Next(0) |
///      |<----------- Next(1) |
///      |-- Request(1) ------>|
///      |<------ Completed(2) |  crosses Request(1), which is without effect
///
///      |-- Request(2) ------>|
///      |<----------- Next(0) |
///      |-- Cancel -.         |
///      |<---------\- Next(1) |  crosses Cancel: an item like any other
///      |           `-------->|
///      |<------ Cancelled(2) |  nothing comes any more
///
/// The sink says how many more items it can take; the source sends no more than that. Exactly one
/// message ends the stream, whoever wanted it, and it is the last: a stream without an end of its
/// own ends by Cancel, and Cancelled is the final acknowledgement.
///
/// Crossing: Request and Cancel may cross anything. A stream that has ended ignores both, and a
/// sink that has cancelled takes the items that were under way, and whatever end comes.
///
/// Ownership: the buffer of an item belongs to the source until next has returned true and to the
/// sink from then on.
///
/// Failure modes: request, cancel and next report a full queue, and then nothing has happened. An
/// end that finds no room is kept and sent by flush. `Failed` is an end that the source gives a
/// reason for. The sink holds one item: its owner polls one message at a time and takes it.
///
/// Source: Bencina, "A brief meditation on two-party message exchange", 2013 (finite and infinite
/// streams); the grammar of the ends is that of Meijer, "Your mouse is a database", ACM Queue
/// 10(3), 2012; the demand that of the Reactive Streams specification, 2015.
namespace parley::protocols::stream {

struct Request {
    std::uint32_t count = 0;
};

struct Cancel {};

template <class T, model::Platform P = model::StdPlatform>
struct Next {
    std::uint32_t number = 0;
    typename P::template Owned<T> buffer;
};

struct Completed {
    std::uint32_t count = 0;  ///< of the items before it, here and in the other ends
};

struct Failed {
    std::uint32_t count = 0;
    std::uint32_t reason = 0;
};

struct Cancelled {
    std::uint32_t count = 0;
};

enum class End : std::uint8_t { none, completed, failed, cancelled };

/// The party that takes. `T` is what a buffer holds.
template <class T, model::Platform P = model::StdPlatform>
struct Sink {
    static constexpr std::string_view name = "sink";
    using Inbox = std::variant<Next<T, P>, Completed, Failed, Cancelled>;
    using Outbox = std::variant<Request, Cancel>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { open, cancelling, ended };

    State state = State::open;
    End end = End::none;
    std::uint32_t demand = 0;  ///< items asked for that have not arrived
    std::uint32_t count = 0;   ///< items that have
    std::uint32_t reason = 0;  ///< of a failure
    Owned buffer;              ///< of the last item, until it is taken

    bool has_item() const { return static_cast<bool>(buffer); }

    /// The buffer of the last item, or nothing.
    Owned take() { return std::move(buffer); }

    /// Asks for `more` items. False: the queue is full or the stream is not open, and nothing has
    /// happened.
    bool request(std::uint32_t more, auto& port) {
        if (state != State::open || !port.send(Request{more})) return false;
        demand += more;
        return true;
    }

    /// Wants no more; what is under way still comes. False: the queue is full or the stream is not
    /// open, and nothing has happened.
    bool cancel(auto& port) {
        if (state != State::open || !port.send(Cancel{})) return false;
        state = State::cancelling;
        return true;
    }

    void receive(Next<T, P>&& next, auto& port) {
        if (state == State::ended || demand == 0 || next.number != count || has_item()) {
            return port.reject(next);
        }
        --demand;
        ++count;
        buffer = std::move(next.buffer);
    }
    void receive(const Completed& completed, auto& port) {
        finish(End::completed, completed, port);
    }
    void receive(const Failed& failed, auto& port) {
        finish(End::failed, failed, port);
        reason = failed.reason;
    }
    void receive(const Cancelled& cancelled, auto& port) {
        if (state != State::cancelling) return port.reject(cancelled);
        finish(End::cancelled, cancelled, port);
    }

    void finish(End its_end, const auto& message, auto& port) {
        if (state == State::ended || message.count != count) return port.reject(message);
        state = State::ended;
        end = its_end;
        demand = 0;
    }
};

/// The party that gives. `T` is what a buffer holds.
template <class T, model::Platform P = model::StdPlatform>
struct Source {
    static constexpr std::string_view name = "source";
    using Inbox = std::variant<Request, Cancel>;
    using Outbox = std::variant<Next<T, P>, Completed, Failed, Cancelled>;
    using Owned = typename P::template Owned<T>;
    enum class State : std::uint8_t { open, ending, ended };

    State state = State::open;
    End end = End::none;
    std::uint32_t demand = 0;  ///< items that the sink still takes
    std::uint32_t count = 0;   ///< items sent
    std::uint32_t reason = 0;  ///< of a failure

    /// Hands `buffer` over. False: the sink wants none, the queue is full or the stream is not
    /// open, and nothing has happened.
    bool next(Owned& buffer, auto& port) {
        if (state != State::open || demand == 0) return false;
        Next<T, P> item{count, std::move(buffer)};
        if (!port.send(std::move(item))) {
            buffer = std::move(item.buffer);
            return false;
        }
        --demand;
        ++count;
        return true;
    }

    /// There are no more items. Without effect when the stream is not open.
    void complete(auto& port) { finish(End::completed, 0, port); }

    /// There will be no more items, for a reason. Without effect when the stream is not open.
    void fail(std::uint32_t why, auto& port) { finish(End::failed, why, port); }

    void receive(const Request& request, auto&) {
        if (state == State::open) demand += request.count;
    }
    void receive(const Cancel&, auto& port) { finish(End::cancelled, 0, port); }

    bool has_pending() const { return state == State::ending; }
    void flush(auto& port) {
        if (has_pending() && send_end(port)) state = State::ended;
    }

    void finish(End its_end, std::uint32_t why, auto& port) {
        if (state != State::open) return;
        state = State::ending;
        end = its_end;
        reason = why;
        demand = 0;
        flush(port);
    }

    bool send_end(auto& port) {
        if (end == End::completed) return port.send(Completed{count});
        if (end == End::failed) return port.send(Failed{count, reason});
        return port.send(Cancelled{count});
    }
};

}  // namespace parley::protocols::stream
