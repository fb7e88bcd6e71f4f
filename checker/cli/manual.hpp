#pragma once

#include "parley/checker/cli/parser.hpp"
#include "parley/checker/cli/selection.hpp"

#include <string>
#include <string_view>

/// What others need to know of the command's words, from the parser itself, so that it is never out
/// of date.
namespace parley::cli {

/// The manual page parley(1), in roff.
std::string man_page(const CLI::App& app);

/// A script that completes the command's words for "bash", "zsh" or "fish": commands, options,
/// names of files where an option takes one, and the names of protocols, mutants and engines of
/// `catalog`. Throws InputError for another shell.
std::string completion_script(const CLI::App& app, const Catalog& catalog, std::string_view shell);

}  // namespace parley::cli
