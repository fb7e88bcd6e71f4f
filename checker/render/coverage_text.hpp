#pragma once

#include "parley/checker/render/table.hpp"
#include "parley/checker/report.hpp"
#include "parley/specs/model/page.hpp"

#include <span>
#include <string>

namespace parley::checker::render {

/// What the checks of one protocol have reached of its page: the diagrams, edge by edge, with how
/// often each check has taken it, and the queues. An edge that none has taken is dotted.
std::string coverage_text(const specs::model::Page& page, std::span<const Report> reports,
                          const TableStyle& style);

/// The same diagrams in Mermaid, ready for a page of Markdown. As flowcharts: Mermaid draws no
/// dotted edge in a state diagram.
std::string coverage_diagrams(const specs::model::Page& page, std::span<const Report> reports);

}  // namespace parley::checker::render
