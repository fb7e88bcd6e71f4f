#pragma once

#include <array>
#include <string_view>

namespace parley::specs::model {

/// A planted bug, and who must find it.
struct Mutant {
    std::string_view name;
    std::string_view plants;                     ///< the bug, in a few words
    std::array<std::string_view, 8> properties;  ///< one of these must fail
    bool seen_by_explore = false;
    bool seen_by_relacy = false;
    bool seen_by_rc11 = false;
    bool seen_by_stress = false;  ///< real threads, plain build
    bool seen_by_tsan = false;    ///< real threads under ThreadSanitizer

    /// Whether a violation of `property` is what this mutant must lead to.
    constexpr bool expects(std::string_view property) const {
        for (const std::string_view each : properties) {
            if (!each.empty() && each == property) return true;
        }
        return false;
    }
};

/// The variants of a protocol under check: the original first, then its mutants. Each is a
/// template over the platform with members
/// - `Left`, `Right`: the scripts, `Options`: the bounds, `Monitors`: a tuple of monitors,
/// - `Queue<T>`: the queue of the real-memory engines,
/// - `about`: the Mutant, in mutants only.
template <template <class Platform> class... Variants>
struct VariantList {};

namespace traits {

template <class List>
struct OriginalOf;
template <template <class> class Original, template <class> class... Mutants>
struct OriginalOf<VariantList<Original, Mutants...>> {
    using Type = VariantList<Original>;
};

}  // namespace traits

/// The same list without mutants, for a build that has no use for them.
template <class List>
using OriginalOf = typename traits::OriginalOf<List>::Type;

template <class V>
concept IsMutant = requires {
    { V::about.name } -> std::convertible_to<std::string_view>;
};

/// What is planted in variant `V`; a Mutant without a name for the original.
template <class V>
constexpr Mutant mutant_of() {
    if constexpr (IsMutant<V>) {
        return V::about;
    } else {
        return {};
    }
}

}  // namespace parley::specs::model
