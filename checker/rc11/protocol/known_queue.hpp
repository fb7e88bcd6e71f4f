#pragma once

#include <concepts>
#include <cstddef>

namespace parley::rc11 {

template <class Remembered, class Queue>
constexpr std::size_t size_of_its_class(Remembered (Queue::* /*says*/)() const noexcept) {
    return sizeof(Queue);
}

/// A queue whose ends say all that they remember from one operation to the next, beside what is in
/// its atomics and cells (as SpscQueue). Whoever derives from one and has data of its own may
/// remember more, and is none.
template <class Queue>
concept SaysWhatItRemembers = requires(const Queue& queue) {
    { queue.producer_remembers().own } -> std::convertible_to<std::size_t>;
    { queue.consumer_remembers().own } -> std::convertible_to<std::size_t>;
    requires sizeof(Queue) == size_of_its_class(&Queue::producer_remembers);
};

}  // namespace parley::rc11
