#pragma once

#include "parley/protocols/model/platform.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/exactly_once.hpp"
#include "parley/specs/model/interchangeable.hpp"
#include "parley/specs/model/key_set.hpp"
#include "parley/specs/model/monitor.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>

namespace parley::tests {

/// What is wrong with Lanes, or with what it declares.
enum class Flaw : std::uint8_t {
    none,
    answers_twice,      ///< a bug of every lane
    crashes,            ///< a bug of every lane
    forgets_lane_1,     ///< a bug of one lane
    crashes_in_lane_1,  ///< a bug of one lane
    lane_0_not_alone,   ///< no run may end in which lane 0 was the only one
    lane_0_for_ever,    ///< no run may go on for ever after lane 0 was the only one
    one_for_ever,       ///< the same of every lane
    idle_for_ever,      ///< no run may go on for ever before the first question
    leaves_lane_0,      ///< no bug: the server may be left while it owes an answer in lane 0 only
    lowest_first,       ///< no bug: the server answers the lowest lane first
    favourite,          ///< no bug: in the beginning one lane is not as the others
};

/// A client asks in lanes, whichever, one question in each at a time; a server answers in any
/// order. So lanes are interchangeable, but for what is planted. With `ticks` 1 the client may
/// look from lane to lane for ever after its first answer, with 2 before its first question. Not
/// declared: it is not said that answers have lanes.
template <bool is_declared = true>
struct Lanes {
    static inline Flaw flaw = Flaw::none;  ///< see Planted

    static constexpr int lanes_max = 5;
    using Set = specs::model::KeySet;

    struct Ask {
        std::uint8_t lane = 0;
    };
    struct Answer {
        std::uint8_t lane = 0;
        std::uint8_t count = 0;
    };

    struct Client {
        static constexpr std::string_view name = "left";
        using Inbox = std::variant<Answer>;
        using Outbox = std::variant<Ask>;
        Set open;
        std::array<std::uint8_t, lanes_max> answers{};
        std::uint8_t asked = 0;
        std::uint8_t looked_at = lanes_max;
        std::uint8_t favourite = flaw == Flaw::favourite ? 0 : lanes_max;

        void receive(const Answer& answer, auto& port) {
            if (!open.has(answer.lane)) return port.reject(answer);
            open.remove(answer.lane);
            answers[answer.lane] = answer.count;
        }
    };
    struct Server {
        static constexpr std::string_view name = "right";
        using Inbox = std::variant<Ask>;
        using Outbox = std::variant<Answer>;
        Set open;
        std::array<std::uint8_t, lanes_max> answers{};

        void receive(const Ask& ask, auto& port) {
            if (flaw == Flaw::forgets_lane_1 && ask.lane == 1) return;
            if (flaw == Flaw::crashes || (flaw == Flaw::crashes_in_lane_1 && ask.lane == 1)) {
                std::abort();
            }
            if (open.has(ask.lane)) return port.reject(ask);
            open.add(ask.lane);
        }
    };

    struct Options {
        specs::model::Bound capacity{2, 1, 16};
        specs::model::Bound lanes{3, 1, lanes_max};
        specs::model::Bound asks{3};
        specs::model::Bound ticks{0, 0, 2};
    };

    struct Left {
        Client role;

        std::uint32_t lanes_to_ask(const Options& options) const {
            return role.asked < options.asks ? count(role.open, false, options) : 0;
        }
        bool can_look(const Options& options) const {
            return options.ticks > 0 && role.open.is_empty() && role.asked + options.ticks == 2;
        }
        bool can_act(const Options& options) const {
            return can_look(options) || lanes_to_ask(options) > 0;
        }
        void act(auto& port, const Options& options) {
            const auto lanes = static_cast<std::uint32_t>(options.lanes);
            const std::uint32_t to_ask = lanes_to_ask(options);
            const std::uint32_t choice = port.choose(to_ask + (can_look(options) ? lanes : 0));
            if (choice >= to_ask) {
                role.looked_at = static_cast<std::uint8_t>(choice - to_ask);
                return;
            }
            const Ask ask{at(role.open, false, choice)};
            if (!port.send(ask)) return;
            role.open.add(ask.lane);
            ++role.asked;
        }
        bool is_done(const Options& options) const {
            return role.asked == options.asks && role.open.is_empty();
        }
        bool may_end(const Options&) const { return true; }
    };
    struct Right {
        Server role;

        bool can_act(const Options&) const { return !role.open.is_empty(); }
        void act(auto& port, const Options& options) {
            const std::uint32_t choice =
                flaw == Flaw::lowest_first ? 0 : port.choose(count(role.open, true, options));
            const std::uint8_t lane = at(role.open, true, choice);
            auto& answers = role.answers[lane];
            if (!port.send(Answer{lane, static_cast<std::uint8_t>(answers + 1)})) return;
            ++answers;
            if (flaw == Flaw::answers_twice) port.send(Answer{lane, answers});
            role.open.remove(lane);
        }
        bool is_done(const Options&) const { return false; }
        bool may_end(const Options&) const {
            Set owed = role.open;
            if (flaw == Flaw::leaves_lane_0) owed.remove(0);
            return owed.is_empty();
        }
    };

    /// Which lanes have been used.
    struct Used {
        static constexpr std::string_view name = "used";
        static constexpr std::string_view owes = "another lane is used";
        Set lanes;
        std::uint8_t asked = 0;

        void watch(const specs::model::Sent<Ask>& event, specs::model::Judge&) {
            lanes.add(event.message.lane);
            ++asked;
        }
        bool is_hot() const {
            if (flaw == Flaw::one_for_ever) return asked == 1;
            if (flaw == Flaw::idle_for_ever) return asked == 0;
            const bool is_flaw = flaw == Flaw::lane_0_not_alone || flaw == Flaw::lane_0_for_ever;
            return is_flaw && asked == 1 && lanes.bits == 1;
        }
    };

    using OneAnswer = specs::model::ExactlyOnce<&Ask::lane, &Answer::lane>;
    using Monitors = std::tuple<OneAnswer, Used>;
    template <auto... Lane>
    using Declared =
        specs::model::Interchangeable<&Options::lanes, &Ask::lane, &Client::open, &Client::answers,
                                      &Client::favourite, &Client::looked_at, &Server::open,
                                      &Server::answers, &OneAnswer::open, &OneAnswer::answered,
                                      &Used::lanes, Lane...>;
    using Symmetry = std::conditional_t<is_declared, Declared<&Answer::lane>, Declared<>>;

 private:
    /// The lanes that are in the set, or those that are not.
    static std::uint32_t count(const Set& set, bool is_in, const Options& options) {
        std::uint32_t lanes = 0;
        for (int lane = 0; lane < options.lanes; ++lane) {
            if (set.has(static_cast<unsigned>(lane)) == is_in) ++lanes;
        }
        return lanes;
    }
    static std::uint8_t at(const Set& set, bool is_in, std::uint32_t index) {
        std::uint8_t lane = 0;
        while (set.has(lane) != is_in || index-- > 0) ++lane;
        return lane;
    }
};

/// As long as it lives, this is wrong with Lanes.
class Planted {
 public:
    explicit Planted(Flaw flaw) { Lanes<>::flaw = flaw; }
    Planted(const Planted&) = delete;
    Planted& operator=(const Planted&) = delete;
    ~Planted() { Lanes<>::flaw = Flaw::none; }
};

}  // namespace parley::tests
