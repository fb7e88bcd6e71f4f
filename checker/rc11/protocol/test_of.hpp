#pragma once

#include "parley/checker/party_end.hpp"
#include "parley/checker/rc11/protocol/machine.hpp"

#include <array>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace parley::rc11 {

template <class Run>
concept HasStates = requires(Run& run, StateBytes& to) {
    run.write_script(0U, to);
    run.write_shared(to);
};

/// A test that makes a fresh `Run` for each run, as returned by `make`. A run that crashes is left
/// as it is.
template <class Make>
class TestOf final : public Test {
 public:
    using Run = std::invoke_result_t<Make&>;

    explicit TestOf(Make make) : make_(std::move(make)) {}

    void before() override { ::new (static_cast<void*>(room_)) Run(make_()); }
    void thread(unsigned index) override { run().thread(index); }
    void after(std::array<checker::PartyEnd, parties> ends) override { run().after(ends); }
    void discard() override { run().~Run(); }

    bool has_states() const override { return HasStates<Run>; }
    void write_script(unsigned index, StateBytes& to) override {
        if constexpr (HasStates<Run>) run().write_script(index, to);
    }
    void write_shared(StateBytes& to) override {
        if constexpr (HasStates<Run>) run().write_shared(to);
    }

 private:
    Run& run() { return *std::launder(reinterpret_cast<Run*>(room_)); }

    Make make_;
    alignas(Run) std::byte room_[sizeof(Run)];
};

}  // namespace parley::rc11
