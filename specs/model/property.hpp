#pragma once

#include <string_view>

/// The properties that every protocol promises without saying so. A report names them like the
/// monitors of a spec. Terms of communicating finite-state machines: Brand and Zafiropulo, On
/// communicating finite-state machines, JACM 1983.
namespace parley::specs::model::property {

inline constexpr std::string_view unspecified_reception = "unspecified reception";
inline constexpr std::string_view orphan_message = "orphan message";
inline constexpr std::string_view deadlock = "deadlock";
inline constexpr std::string_view conformance = "conformance";
inline constexpr std::string_view duality = "duality of the alphabets";
inline constexpr std::string_view assertion = "assertion";
inline constexpr std::string_view ownership = "ownership";
inline constexpr std::string_view double_free = "double free";
inline constexpr std::string_view use_after_free = "use after free";
inline constexpr std::string_view leak = "leak";
inline constexpr std::string_view data_race = "data race";
inline constexpr std::string_view capacity = "capacity";
inline constexpr std::string_view delivery = "delivery";
inline constexpr std::string_view livelock = "livelock";
inline constexpr std::string_view exception = "exception";
inline constexpr std::string_view crash = "crash";
inline constexpr std::string_view hang = "hang";
inline constexpr std::string_view determinism = "determinism";

}  // namespace parley::specs::model::property
