#pragma once

#include "parley/checker/symbolizer.hpp"

#include <map>
#include <vector>

namespace parley::rc11 {

/// Where in the source the code behind each call is. To look up one place takes about as long as to
/// look up many: those that are not known are kept until they are all learned together.
class PlaceTable {
 public:
    /// Null: it is not known yet.
    const checker::Frame* find(const void* place);
    bool has_unknown() const { return !unknown_.empty(); }
    void learn();

 private:
    std::map<const void*, checker::Frame> known_;
    std::vector<void*> unknown_;
};

}  // namespace parley::rc11
