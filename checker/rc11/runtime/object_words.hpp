#pragma once

#include "parley/checker/rc11/names/call_frames.hpp"
#include "parley/checker/rc11/names/object_names.hpp"
#include "parley/checker/rc11/runtime/recording.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace parley::rc11 {

/// Some bytes that a step of an execution touches.
struct Mention {
    Recording::Object object;
    std::size_t bytes = 0;
    /// Where a local variable of that place may be.
    const CallFrames* frames = nullptr;
};

/// Where a heap block comes from.
struct BlockOrigin {
    std::size_t bytes = 0;
    std::string place;
};

/// What each of them is called: as the program calls it where that is known, with its thread where
/// the name alone could be that of another one, too; or else numbered in the order of mention.
std::vector<std::string> words_for(std::span<const Mention> mentions,
                                   const std::map<std::uintptr_t, BlockOrigin>& blocks,
                                   const ObjectNames& names);

}  // namespace parley::rc11
