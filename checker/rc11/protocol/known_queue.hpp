#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace parley::rc11 {

template <class Remembered, class Queue>
std::type_identity<Queue> class_of(Remembered (Queue::*says)() const noexcept);

/// A queue whose ends say all that they remember from one operation to the next, beside what is in
/// its atomics and cells (as SpscQueue). Whoever derives from one may remember more, and is none.
template <class Queue>
concept SaysWhatItRemembers = requires(const Queue& queue) {
    { queue.producer_remembers().own } -> std::convertible_to<std::size_t>;
    { queue.consumer_remembers().own } -> std::convertible_to<std::size_t>;
    requires std::same_as<decltype(class_of(&Queue::producer_remembers)),
                          std::type_identity<Queue>>;
};

/// A variant over such queues, of messages as they are.
template <class V>
concept HasKnownQueues =
    SaysWhatItRemembers<typename V::template Queue<typename decltype(V::Left::role)::Outbox>>;

}  // namespace parley::rc11
