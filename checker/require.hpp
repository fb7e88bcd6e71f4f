#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace parley::checker {

/// A bug of the toolkit itself: exit code 4.
struct InternalError : std::logic_error {
    using std::logic_error::logic_error;
};

/// A limit of the check itself was reached, which ends it as incomplete; its text names it.
struct LimitReached {
    std::string_view limit;
};

/// Stops on a bug of the toolkit; on in every build.
inline void require(bool condition, const char* sentence) {
    if (!condition) throw InternalError(sentence);
}

}  // namespace parley::checker
