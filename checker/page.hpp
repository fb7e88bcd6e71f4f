#pragma once

#include "parley/specs/model/page.hpp"

#include <string>
#include <string_view>

namespace parley::checker {

/// Reads a page, as specs/README.md defines them: the Markdown of `file`. Throws InputError with
/// the file, the line, what was expected and the nearest name. Texts that are not a page (binary,
/// cut off, without end) are refused the same way.
specs::model::Page read_page(const std::string& file, std::string_view text);

/// "specs/send.md:12: open --> open : !Item", to quote what a page says.
std::string quote_line(const specs::model::Page& page, int line);

/// The page of a protocol, read when it is first asked for; null: there is none.
using PageSource = const specs::model::Page& (*)();

}  // namespace parley::checker
