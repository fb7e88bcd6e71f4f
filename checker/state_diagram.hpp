#pragma once

#include "parley/checker/markdown.hpp"
#include "parley/specs/model/page.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley::checker {

/// Where the diagrams of one page meet: which messages and keys their labels name.
struct DiagramNames {
    std::vector<std::string> messages;  ///< in the order of their first lines
    std::vector<int> message_lines;     ///< of these
    std::string key;                    ///< the one that the first label names; empty: none
    int key_line = 0;
};

/// Whether a block of code is a state diagram in Mermaid's language.
bool is_state_diagram(const CodeBlock& block);

/// Reads the automaton `name` from a state diagram, as specs/README.md defines them. Throws
/// InputError with `file`, the line, what was expected and what was found.
specs::model::Automaton read_state_diagram(const CodeBlock& block, std::string_view name,
                                           std::string_view file, DiagramNames& names);

/// Whether `word` can be the name of a party, a state, a message or a key: a letter, then letters,
/// digits and underscores, at most 64 together.
bool is_name(std::string_view word);

}  // namespace parley::checker
