#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace parley::cli {

/// What a request is answered with.
struct Answer {
    int status = 200;
    std::string type;  ///< "text/html" or "application/json"
    std::string body;
};

/// Serves a page to browsers of this machine: on the loopback interface, and to no other name of
/// it, so that no page from elsewhere can read it.
///
/// `answer` gets the path and the parameter "steps". It is called in the thread that calls
/// serve_page(), one request after another: the code under check has this thread's signals. Throws
/// InputError when `port` is taken; 0 is any free one. `ready` gets the address. Returns when
/// `is_stopped` says so.
void serve_page(
    int port, const std::function<void(const std::string& address)>& ready,
    const std::function<Answer(std::string_view path, const std::string& steps)>& answer,
    const std::function<bool()>& is_stopped);

}  // namespace parley::cli
