#pragma once

#include "parley/checker/bounds.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/trace.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/specs/model/bound.hpp"
#include "parley/specs/model/mutant.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::checker {

/// What is under check, by name: one variant of a protocol with its bounds.
struct Subject {
    std::string protocol;
    std::string mutant;                                     ///< empty: the original
    std::array<std::string_view, 2> roles;                  ///< by party
    std::array<std::vector<std::string_view>, 2> messages;  ///< what each party sends
    std::vector<std::pair<std::string, int>> bounds;
    const specs::model::Page* page = nullptr;  ///< null: there is none
    std::size_t capacity = 0;                  ///< of each queue
};

/// A report that says what is checked and how, and nothing yet of what came out.
Report begin_report(const Subject& subject, std::string_view engine, const CheckOptions& check);

/// A trace of the report's subject, without events.
Trace begin_trace(const Subject& subject, const Report& report);

/// Nothing reached yet of the subject's page; none without one. `has_slots`: see begin_coverage().
std::optional<Coverage> coverage_of(const Subject& subject, bool has_slots);

/// Names a message that was never sent, or "". With a page it is the page that says which messages
/// have to be sent, see require_promises(). Bit 32 * party + alternative of `sent_kinds` says
/// that such a message was.
std::string message_never_sent(const Subject& subject, std::uint64_t sent_kinds);

/// `bounds`, and the transport if the check names one.
std::vector<std::pair<std::string, int>> with_transport(
    std::vector<std::pair<std::string, int>> bounds, const CheckOptions& check);

/// The names of the messages of an outbox. A direction in which nothing is ever sent has
/// std::monostate as its one alternative.
template <class... Messages>
constexpr auto names_of(std::type_identity<std::variant<Messages...>>) {
    return std::array<std::string_view, sizeof...(Messages)>{model::type_name<Messages>()...};
}
constexpr auto names_of(std::type_identity<std::variant<std::monostate>>) {
    return std::array<std::string_view, 0>{};
}

/// The subject that a protocol is, of which an original and its mutants have the same messages and
/// bounds.
template <class Options, class LeftOutbox, class RightOutbox>
Subject subject_between(std::string_view protocol, std::array<std::string_view, 2> roles,
                        const CheckOptions& check, PageSource page) {
    const auto options = options_with<Options>(check.bounds);
    const auto names = []<class Outbox>(std::type_identity<Outbox> outbox) {
        constexpr auto list = names_of(outbox);
        return std::vector<std::string_view>(list.begin(), list.end());
    };
    return {std::string{protocol},
            {},
            roles,
            {names(std::type_identity<LeftOutbox>{}), names(std::type_identity<RightOutbox>{})},
            with_transport(bound_values(options), check),
            page == nullptr ? nullptr : &page(),
            specs::model::capacity_of(options)};
}

/// The subject that variant `C` of a protocol is, under CheckPlatform.
template <class C>
Subject subject_of(std::string_view protocol, const CheckOptions& check,
                   PageSource page = nullptr) {
    using LeftRole = decltype(C::Left::role);
    using RightRole = decltype(C::Right::role);
    Subject subject =
        subject_between<typename C::Options, typename LeftRole::Outbox, typename RightRole::Outbox>(
            protocol, {LeftRole::name, RightRole::name}, check, page);
    subject.mutant = specs::model::mutant_of<C>().name;
    return subject;
}

}  // namespace parley::checker
