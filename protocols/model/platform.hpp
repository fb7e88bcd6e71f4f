#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <memory>
#include <utility>

namespace parley::model {

/// What shared memory is made of. Only the queue, the endpoint and owned objects are templated over
/// a platform; everything else is plain code.
///
/// - `Atomic<T>`: the part of `std::atomic<T>` that takes explicit orders: `load`, `store`.
/// - `Cell<T>`: room for one `T` that only one thread may touch at a time. `storage()` gives the
///   room to construct in or to destroy, `value()` the constructed object; both count as a write.
/// - `Owned<T>`: the right to one object (see StdPlatform::Owned).
/// - `fence(order)`, `pause()`: as `std::atomic_thread_fence` and a spin-wait hint.
template <class P>
concept Platform =
    requires(typename P::template Atomic<std::size_t> atomic, typename P::template Cell<int> cell,
             typename P::template Owned<int> owned) {
        { atomic.load(std::memory_order_acquire) } -> std::convertible_to<std::size_t>;
        atomic.store(std::size_t{1}, std::memory_order_release);
        { cell.storage() } -> std::same_as<int*>;
        { cell.value() } -> std::same_as<int&>;
        owned.alias();
        owned.release();
        static_cast<bool>(owned);
        P::fence(std::memory_order_seq_cst);
        P::pause();
    };

/// The production platform: `std::atomic`, plain memory, a pointer. It costs nothing.
struct StdPlatform {
    template <class T>
    using Atomic = std::atomic<T>;

    template <class T>
    class Cell {
     public:
        T* storage() noexcept { return reinterpret_cast<T*>(bytes_); }
        T& value() noexcept { return *std::launder(storage()); }

     private:
        alignas(T) std::byte bytes_[sizeof(T)];
    };

    /// The right to one object on the heap: move-only, the size of a pointer.
    ///
    /// A party makes an object with `port.make<T>()`, touches it with `port.access(owned)`, hands
    /// it over inside a message and ends it with `port.destroy(std::move(owned))`. The destructor
    /// frees what is still held, as a safety net; under the engines an object that nobody
    /// destroyed by name is a leak.
    template <class T>
    class Owned {
     public:
        using Alias = T*;

        Owned() noexcept = default;
        Owned(Owned&& other) noexcept : object_(other.release()) {}
        Owned& operator=(Owned&& other) noexcept {
            if (this != &other) delete std::exchange(object_, other.release());
            return *this;
        }
        ~Owned() { delete object_; }

        /// Takes over an object that was made with `new` or given up with release().
        static Owned adopt(Alias object) noexcept {
            Owned owned;
            owned.object_ = object;
            return owned;
        }

        explicit operator bool() const noexcept { return object_ != nullptr; }
        /// A second name for the object that carries no right to it.
        Alias alias() const noexcept { return object_; }
        /// Gives up the right without ending the object.
        Alias release() noexcept { return std::exchange(object_, nullptr); }

     private:
        T* object_ = nullptr;
    };

    static void fence(std::memory_order order) noexcept { std::atomic_thread_fence(order); }

    static void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
    }
};

static_assert(Platform<StdPlatform>);

}  // namespace parley::model
