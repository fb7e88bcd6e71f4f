#pragma once

#include "parley/checker/trace.hpp"
#include "parley/specs/model/page.hpp"

#include <cstddef>
#include <string>

namespace parley::checker {

/// Where an event of a run is written down: "spsc_queue.hpp:41" of a memory operation, and of a
/// message the line of the page that lets its party send or receive it in the state in which it is,
/// as in "specs/send.md:12"; the party's diagram if there is none. "" for all other events and, of
/// a message, without a page.
std::string place_of_event(const Trace& trace, std::size_t event, const specs::model::Page* page);

}  // namespace parley::checker
