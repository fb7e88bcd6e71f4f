#pragma once

#include <stdexcept>
#include <string>

namespace parley::checker {

/// A bug of the toolkit itself: exit code 4.
struct InternalError : std::logic_error {
    using std::logic_error::logic_error;
};

/// Stops on a bug of the toolkit; on in every build.
inline void require(bool condition, const char* sentence) {
    if (!condition) throw InternalError(sentence);
}

}  // namespace parley::checker
