#include "parley/checker/rc11/runtime/order_places.hpp"

#include "parley/checker/rc11/names/object_names.hpp"
#include "parley/checker/symbolizer.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace parley::rc11 {

namespace {

using checker::Frame;
using checker::Stack;

/// Of the headers that define std::atomic, std::atomic_ref, std::atomic_flag and fences.
bool is_of_atomics(const Frame& frame) {
    const std::string_view file = frame.file;
    return is_of_library(file) &&
           (file.ends_with("/atomic") || file.ends_with("/bits/atomic_base.h"));
}

/// What is left of a weak compare_exchange that fails without reason (instrumentation.hpp).
bool is_weak_failure(const Frame& frame) {
    return frame.function.find("__parley_fail") != std::string::npos;
}

/// The innermost place that is not of std::atomic itself, which is that of the code whose order it
/// is; without inlining it is not known, and std::atomic's own is all that there is.
const Frame* user_of(const Stack& stack) {
    const auto user = std::ranges::find_if(stack, [](const Frame& frame) {
        return !frame.file.empty() && !is_of_atomics(frame) && !is_weak_failure(frame);
    });
    if (user != stack.end()) return is_of_library(user->file) ? nullptr : &*user;
    const auto known = std::ranges::find_if(stack, is_of_atomics);
    return known == stack.end() ? nullptr : &*known;
}

std::optional<OrderSite> site_of(const OrderPlace& place, std::uintptr_t address) {
    static std::set<std::string> files;
    void* const code = const_cast<void*>(place.place);
    const Stack stack = checker::symbolize({&code, 1}).front();
    const Frame* const user = user_of(stack);
    if (user == nullptr) return std::nullopt;
    const std::string object = checker::symbolize_data({&address, 1}).front().name;
    if (object.starts_with("guard variable for ")) return std::nullopt;
    OrderSite site{.file = *files.insert(user->file).first,
                   .line = static_cast<std::uint32_t>(user->line),
                   .column = static_cast<std::uint32_t>(user->column),
                   .kind = place.kind,
                   .is_failure = place.is_failure,
                   .order = place.order};
    if (std::ranges::any_of(stack, is_weak_failure)) {
        site.kind = Operation::Kind::modify;
        site.is_failure = true;
    }
    return site;
}

}  // namespace

void OrderPlaces::watch(Order& order, const OrderPlace& place, std::uintptr_t address) {
    seen_.try_emplace(place, address);
    if (places_.contains(place)) order = weakened_;
}

void OrderPlaces::watch(Operation& operation, const void* place, std::uintptr_t address) {
    watch(operation.order, {place, operation.kind, false, operation.order}, address);
    if (can_fail(operation)) {
        watch(operation.failure, {place, operation.kind, true, operation.failure}, address);
    }
}

std::map<OrderSite, std::set<OrderPlace>> sites_of(const OrderPlaces::Seen& seen) {
    // Each search comes to the same places, and debug information is slow to tell.
    static std::map<OrderPlace, std::optional<OrderSite>> known;
    std::map<OrderSite, std::set<OrderPlace>> sites;
    for (const auto& [place, address] : seen) {
        const auto [entry, is_new] = known.try_emplace(place);
        auto& site = entry->second;
        if (is_new) site = site_of(place, address);
        if (site) sites[*site].insert(place);
    }
    return sites;
}

}  // namespace parley::rc11
