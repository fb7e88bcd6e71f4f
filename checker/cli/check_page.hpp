#pragma once

#include "parley/checker/cli/check_request.hpp"

#include <string>

namespace parley::cli {

/// Whether an argument of `check` names a page and not a protocol.
bool is_page_path(const std::string& argument);

/// Checks the pages that `request` names, and nothing else, and prints what came out. Returns the
/// exit code. Throws InputError for a page with a mistake, before anything is checked, and for an
/// option that pages do not have.
int run_page_check(const CheckRequest& request, const Session& session);

}  // namespace parley::cli
