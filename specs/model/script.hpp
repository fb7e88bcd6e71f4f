#pragma once

#include <concepts>

namespace parley::specs::model {

/// What a party does in a check: an aggregate with its `role`, its bounds in `Options`, and
/// - `can_act(options)`: whether its user may issue a command now,
/// - `act(port, options)`: issues one, chosen with `port.choose(n)`,
/// - `is_done(options)`: it takes no further step and never looks into its inbox again.
///
/// It may wrap what its role receives: `receive(Message&&, port, options)`. A party that cannot
/// know when the exchange is over says `may_end(options)`: it may be left as it is, but still
/// receives. If neither party can know, all is over when neither does anything more by itself and
/// nothing is under way. A party that takes messages only in some states says
/// `can_receive(options)`: while it is false, what comes stays in the inbox. A party that may be
/// done while messages are still on their way to it, as over a transport that doubles them, says
/// `static constexpr bool leaves_messages = true`: then they are no orphans. Whatever the script
/// leaves open it asks through the port: the rest is a function of what it holds.
template <class S, class Options>
concept Script = requires(const S& script, const Options& options) {
    script.role;
    { script.can_act(options) } -> std::same_as<bool>;
    { script.is_done(options) } -> std::same_as<bool>;
};

template <class S, class Options>
concept MayEnd = Script<S, Options> && requires(const S& script, const Options& options) {
    { script.may_end(options) } -> std::same_as<bool>;
};

/// Whether messages may be left for a script that is done.
template <class S>
inline constexpr bool leaves_messages = requires { requires S::leaves_messages; };

/// Whether a script looks into its inbox now.
template <class S, class Options>
constexpr bool can_receive(const S& script, const Options& options) {
    if constexpr (requires { script.can_receive(options); }) {
        return script.can_receive(options);
    } else {
        return true;
    }
}

}  // namespace parley::specs::model
