#pragma once

#include "parley/checker/trace.hpp"
#include "parley/checker/walks.hpp"
#include "parley/specs/model/page.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::checker::render {

/// A run that breaks a property, to jump to.
struct Counterexample {
    std::string title;
    std::optional<StepNumbers> steps;  ///< by which the walk comes to it; none: it is only shown
    Trace trace;
};

/// A state that a walk can be in, for a page without a checker behind it.
struct WalkState {
    Walkthrough here;
    std::vector<std::size_t> targets;  ///< of its open steps; SIZE_MAX: not in the page
};

/// What a page to walk through a protocol shows.
struct ExplorerModel {
    std::string protocol;
    std::string mutant;
    std::string bounds;
    std::string left;  ///< role names
    std::string right;
    const specs::model::Page* page = nullptr;  ///< null: there are no diagrams
    std::vector<Counterexample> counterexamples;
    std::vector<WalkState> states;  ///< none: the page asks its server
};

/// The page: one file that loads nothing, with the state diagrams of both parties, what is open,
/// owned and owed, and the chart so far. It asks `view?steps=0.2.1` for walk_json() unless it has
/// the states.
std::string explorer_page(const ExplorerModel& model);

/// Where a walk has come to, as JSON.
std::string walk_json(const Walkthrough& here);

/// Why it cannot go there.
std::string walk_error_json(std::string_view text);

}  // namespace parley::checker::render
