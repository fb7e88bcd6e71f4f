#include "parley/checker/version.hpp"

namespace parley::checker {

std::string_view version() {
    return PARLEY_VERSION;
}

}  // namespace parley::checker
