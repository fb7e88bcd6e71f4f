#pragma once

#include "parley/checker/trace.hpp"
#include "parley/specs/model/page.hpp"

#include <string>

namespace parley::checker::render {

/// Where a run that was recorded and the same run now differ, in a sentence that begins with what
/// differs ("at event 5: ..."), with the lines that it stands in, of the code or of the protocol's
/// `page`, if there is one. Empty: bit for bit the same.
std::string difference(const Trace& recorded, const Trace& now,
                       const specs::model::Page* page = nullptr);

/// As above when only the choices of the recorded run are known.
std::string difference(const Choices& recorded, const Choices& now);

}  // namespace parley::checker::render
