#pragma once

#include <string_view>

namespace parley::checker::render {

/// checker/render/explorer.html, with "@model@" where its model belongs.
extern const std::string_view explorer_html;

}  // namespace parley::checker::render
