#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace parley::tests {

/// The commands that are open to a party in one state, of which its port chooses one: the options
/// of a guarded command whose guards hold. At most `size_max`.
template <class Command, std::size_t size_max>
class Menu {
 public:
    void add(Command command) { commands_[size_++] = command; }
    bool is_empty() const { return size_ == 0; }
    Command choose(auto& port) const { return commands_[port.choose(size_)]; }

 private:
    std::array<Command, size_max> commands_{};
    std::uint32_t size_ = 0;
};

}  // namespace parley::tests
