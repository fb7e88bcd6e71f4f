#pragma once

namespace parley::protocols {

/// An object that counts how many of its kind there are.
struct Counted {
    explicit Counted(int number) : value(number) { ++alive; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --alive; }

    static inline int alive = 0;
    int value;
};

}  // namespace parley::protocols
