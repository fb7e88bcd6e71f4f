#include "parley/checker/rc11/compiled/place_table.hpp"

#include <cstddef>

namespace parley::rc11 {

const checker::Frame* PlaceTable::find(const void* place) {
    const auto found = known_.find(place);
    if (found != known_.end()) return &found->second;
    unknown_.push_back(const_cast<void*>(place));
    return nullptr;
}

void PlaceTable::learn() {
    const std::vector<checker::Stack> stacks = checker::symbolize(unknown_);
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        const checker::Frame* const frame = checker::innermost_place(stacks[i]);
        known_[unknown_[i]] = frame == nullptr ? checker::Frame{} : *frame;
    }
    unknown_.clear();
}

}  // namespace parley::rc11
