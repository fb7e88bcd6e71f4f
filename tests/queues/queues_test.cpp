#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <atomic_queue/atomic_queue.h>
#include <cds/container/weak_ringbuffer.h>
#include <readerwriterqueue/readerwritercircularbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>
#include <boost/lockfree/spsc_queue.hpp>
#include <xenium/vyukov_bounded_queue.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

/// Other people's queues, as Debian installs them, under the engine.
namespace parley::tests {

namespace {

/// The names that the tests use; each queue has room for two items.
template <class T>
struct BoostQueue {
    boost::lockfree::spsc_queue<T, boost::lockfree::capacity<2>> queue;
    bool push(T item) { return queue.push(item); }
    bool pop(T& item) { return queue.pop(item); }
};
template <class T>
struct CdsRing {
    cds::container::WeakRingBuffer<T> queue{2};
    bool push(T item) { return queue.push(item); }
    bool pop(T& item) { return queue.pop(item); }
};
/// Its first block has room for three.
template <class T>
struct ReaderWriterQueue {
    moodycamel::ReaderWriterQueue<T> queue{1};
    bool push(T item) { return queue.try_enqueue(item); }
    bool pop(T& item) { return queue.try_dequeue(item); }
};
/// Makes new blocks.
template <class T>
struct GrowingQueue {
    moodycamel::ReaderWriterQueue<T> queue{1};
    bool push(T item) { return queue.enqueue(item); }
    bool pop(T& item) { return queue.try_dequeue(item); }
};
template <class T>
struct CircularBuffer {
    moodycamel::BlockingReaderWriterCircularBuffer<T> queue{2};
    bool push(T item) { return queue.try_enqueue(item); }
    bool pop(T& item) { return queue.try_dequeue(item); }
};
template <class T>
struct WaitingBuffer {
    moodycamel::BlockingReaderWriterCircularBuffer<T> queue{2};
    bool push(T item) {
        queue.wait_enqueue(item);
        return true;
    }
    bool pop(T& item) {
        queue.wait_dequeue(item);
        return true;
    }
};
/// For one producer and one consumer, elements guarded by a state of their own each.
template <class T>
struct AtomicQueue2 {
    atomic_queue::AtomicQueue2<T, 2, false, true, false, true> queue;
    bool push(T item) { return queue.try_push(item); }
    bool pop(T& item) { return queue.try_pop(item); }
};
/// The same with atomic elements; `T{}` is none.
template <class T>
struct AtomicQueue {
    atomic_queue::AtomicQueue<T, 2, T{}, false, true, false, true> queue;
    bool push(T item) { return queue.try_push(item); }
    bool pop(T& item) { return queue.try_pop(item); }
};
/// The same for many producers and consumers.
template <class T>
struct SharedAtomicQueue {
    atomic_queue::AtomicQueue<T, 2> queue;
    bool push(T item) { return queue.try_push(item); }
    bool pop(T& item) { return queue.try_pop(item); }
};
template <class T>
struct VyukovQueue {
    xenium::vyukov_bounded_queue<T> queue{2};
    bool push(T item) { return queue.try_push_weak(item); }
    bool pop(T& item) { return queue.try_pop_weak(item); }
};

/// Items from one thread to another; who finds it full or empty waits.
template <class Queue>
Verification pass(int items) {
    return verify([items] {
        Queue queue;
        std::thread producer([items, &queue] {
            for (int i = 1; i <= items; ++i) rc11::assume(queue.push(i));
        });
        for (int i = 1; i <= items; ++i) {
            int item = 0;
            rc11::assume(queue.pop(item));
            rc11::check(item == i, "items come in order, each once");
        }
        producer.join();
    });
}

template <template <class> class Queue>
void check_items(const std::vector<std::uint64_t>& executions) {
    for (std::size_t i = 0; i < executions.size(); ++i) {
        CAPTURE(i + 1);
        check_verified(pass<Queue<int>>(static_cast<int>(i + 1)), executions[i]);
    }
}

/// What the producer has written to an object is there for who gets the pointer to it.
template <template <class> class Queue>
Verification pass_object() {
    return verify([] {
        Queue<int*> queue;
        std::thread producer([&queue] { rc11::assume(queue.push(new int(42))); });
        int* item = nullptr;
        rc11::assume(queue.pop(item));
        rc11::check(*item == 42, "what it points to is there");
        delete item;
        producer.join();
    });
}

bool has_step(const Verification& verification, std::string_view what, std::string_view place) {
    return std::ranges::any_of(verification.counterexample, [&](const rc11::Step& step) {
        return step.what == what && step.place.ends_with(place);
    });
}

/// More producers than the queue is for.
template <template <class> class Queue>
Verification push_twice() {
    return verify([] {
        Queue<int> queue;
        std::thread other([&queue] { rc11::assume(queue.push(1)); });
        rc11::assume(queue.push(2));
        other.join();
    });
}

}  // namespace

TEST_CASE("queues: boost::lockfree::spsc_queue") {
    check_items<BoostQueue>({1, 3, 9, 27, 81, 243});
    check_verified(pass_object<BoostQueue>(), 1);
    check_violated(push_twice<BoostQueue>(), "data race");
}

TEST_CASE("queues: cds::container::WeakRingBuffer") {
    check_items<CdsRing>({1, 2, 5, 12, 29, 70});
    check_verified(pass_object<CdsRing>(), 1);
    check_violated(push_twice<CdsRing>(), "data race");
}

TEST_CASE("queues: moodycamel::ReaderWriterQueue") {
    check_items<ReaderWriterQueue>({1, 1, 1, 1});
    check_items<GrowingQueue>({1, 3, 7, 15, 80});
    check_verified(pass_object<ReaderWriterQueue>(), 1);
    check_violated(push_twice<ReaderWriterQueue>(), "data race");
}

TEST_CASE("queues: moodycamel::BlockingReaderWriterCircularBuffer") {
    check_items<CircularBuffer>({1, 5, 25, 125, 625});
    check_verified(pass_object<CircularBuffer>(), 1);
    check_violated(push_twice<CircularBuffer>(), "data race");
    // It looks 1,024 times before it waits.
    check_items<WaitingBuffer>({1027});
}

TEST_CASE("queues: atomic_queue") {
    check_items<AtomicQueue2>({3, 27, 729});
    check_verified(pass_object<AtomicQueue2>(), 3);
    check_violated(push_twice<AtomicQueue2>(), "");
    check_items<AtomicQueue>({3, 27, 729});
    // It takes the pointer without an acquire, in these lines of its own.
    const Verification single = pass_object<AtomicQueue>();
    check_violated(single, "data race");
    CHECK(has_step(single, "load relaxed", "atomic_queue/atomic_queue.h:161"));
    const Verification shared = pass_object<SharedAtomicQueue>();
    check_violated(shared, "data race");
    CHECK(has_step(shared, "exchange release", "atomic_queue/atomic_queue.h:172"));
}

TEST_CASE("queues: xenium::vyukov_bounded_queue") {
    check_items<VyukovQueue>({1, 1, 1, 1});
    check_verified(pass_object<VyukovQueue>(), 1);
    // It is for many.
    check_verified(push_twice<VyukovQueue>(), 6);
}

}  // namespace parley::tests
