#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// Request, response, acknowledge (RRA): a call over a transport that may lose, double or reorder
/// messages, executed at most once.
///
///     client                server
///        |-- Request(1) --x     |  lost
///        |-- Request(1) ------->|  sent again
///        |<--------- Response(1)|  executed once, and kept
///        |-- Request(1) ------->|  a copy that was late:
///        |<--------- Response(1)|    the same response, nothing is executed
///        |-- Acknowledge(1) --->|  forgotten
///        |-- Request(2) ------->|
///
/// Ids grow by one from request to request, and one request is open at a time, so both ends know a
/// copy and what is late by its id. A request stands for the acknowledgement of the one before, so
/// a server keeps one response and no more.
///
/// Crossing: copies of a request cross the response, and copies of a response the acknowledgement;
/// neither has an effect, but that a copy of the last response is acknowledged again.
///
/// Failure modes: request, respond and retransmit report a full queue, and then nothing has
/// happened. An acknowledgement that finds no room is kept and sent by flush. What is lost is sent
/// again with retransmit, which the owners call when they have waited long enough. Nobody knows
/// that the last acknowledgement has arrived: when the client has its last response it may leave,
/// and the server is left with that response.
///
/// Source: Spector, "Performing remote operations efficiently on a local computer network", CACM
/// 25(4), 1982 (the remote operations that are acknowledged); Bencina, "A brief meditation on
/// two-party message exchange", 2013.
namespace parley::protocols::request_response_acknowledge {

struct Request {
    std::uint32_t id = 0;
    std::uint32_t argument = 0;
};

struct Acknowledge {
    std::uint32_t id = 0;
};

struct Response {
    std::uint32_t id = 0;
    std::uint32_t result = 0;
};

/// The party that asks.
struct Client {
    static constexpr std::string_view name = "client";
    using Inbox = std::variant<Response>;
    using Outbox = std::variant<Request, Acknowledge>;
    enum class State : std::uint8_t { idle, waiting };

    State state = State::idle;
    bool owes_acknowledge = false;  ///< of the request `id`
    std::uint32_t id = 0;           ///< of the last request; ids count from 1
    std::uint32_t argument = 0;     ///< of the last request
    std::uint32_t result = 0;       ///< of the last response

    /// Asks. False: the queue is full or a request is open, and nothing has happened.
    bool request(std::uint32_t its_argument, auto& port) {
        if (state != State::idle || !port.send(Request{id + 1, its_argument})) return false;
        state = State::waiting;
        owes_acknowledge = false;
        ++id;
        argument = its_argument;
        return true;
    }

    /// Asks once more. False: the queue is full or no request is open, and nothing has happened.
    bool retransmit(auto& port) {
        return state == State::waiting && port.send(Request{id, argument});
    }

    void receive(const Response& response, auto& port) {
        if (response.id > id) return port.reject(response);
        if (response.id < id) return;  // late: the request that is open has acknowledged it
        if (state == State::waiting) result = response.result;
        state = State::idle;
        owes_acknowledge = true;
        flush(port);
    }

    bool has_pending() const { return owes_acknowledge; }
    void flush(auto& port) {
        if (owes_acknowledge && port.send(Acknowledge{id})) owes_acknowledge = false;
    }
};

/// The party that answers, and executes what it is asked at most once.
struct Server {
    static constexpr std::string_view name = "server";
    using Inbox = std::variant<Request, Acknowledge>;
    using Outbox = std::variant<Response>;
    enum class State : std::uint8_t { idle, working, responded };

    State state = State::idle;
    bool is_asked_again = false;  ///< the response has to be sent once more
    std::uint32_t id = 0;         ///< of the newest request
    std::uint32_t argument = 0;   ///< of the newest request, until it is responded to
    std::uint32_t result = 0;     ///< kept until it is acknowledged

    bool is_working() const { return state == State::working; }

    /// Answers the newest request, which has been executed. False: the queue is full or nothing is
    /// open, and nothing has happened.
    bool respond(std::uint32_t its_result, auto& port) {
        if (!is_working() || !port.send(Response{id, its_result})) return false;
        state = State::responded;
        argument = 0;
        result = its_result;
        return true;
    }

    /// Answers once more. False: the queue is full or no response is kept, and nothing has
    /// happened.
    bool retransmit(auto& port) {
        return state == State::responded && port.send(Response{id, result});
    }

    void receive(const Request& request, auto& port) {
        if (request.id > id) {
            if (is_working() || request.id != id + 1) return port.reject(request);
            state = State::working;
            is_asked_again = false;
            id = request.id;
            argument = request.argument;
            result = 0;
        } else if (request.id == id && state == State::responded) {
            is_asked_again = true;
            flush(port);
        }
    }
    void receive(const Acknowledge& acknowledge, auto& port) {
        if (acknowledge.id > id) return port.reject(acknowledge);
        if (acknowledge.id < id || state != State::responded) return;  // late, or a copy
        state = State::idle;
        is_asked_again = false;
        result = 0;
    }

    bool has_pending() const { return is_asked_again; }
    void flush(auto& port) {
        if (is_asked_again && retransmit(port)) is_asked_again = false;
    }
};

}  // namespace parley::protocols::request_response_acknowledge
