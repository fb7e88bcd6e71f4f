#include "parley/checker/skeleton_scripts.hpp"

#include "parley/checker/skeleton_roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Handling;
using specs::model::Page;
using specs::model::Transition;

/// By state: the number of transitions on a shortest way to one in which the party may stop.
std::vector<std::size_t> ways_home(const Automaton& automaton) {
    const std::size_t far = automaton.states.size();
    std::vector<std::size_t> way(automaton.states.size(), far);
    for (std::size_t i = 0; i < way.size(); ++i) {
        if (automaton.is_accepting[i]) way[i] = 0;
    }
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (const Transition& each : automaton.transitions) {
            if (each.handling != Handling::taken || way[each.to] + 1 >= way[each.from]) continue;
            way[each.from] = way[each.to] + 1;
            has_changed = true;
        }
    }
    return way;
}

/// The states to which `state` leads, itself included.
std::vector<bool> reachable_from(std::size_t state,
                                 const std::vector<std::vector<std::size_t>>& next) {
    std::vector<bool> is_reached(next.size());
    std::vector<std::size_t> todo{state};
    while (!todo.empty()) {
        const std::size_t each = todo.back();
        todo.pop_back();
        if (is_reached[each]) continue;
        is_reached[each] = true;
        todo.insert(todo.end(), next[each].begin(), next[each].end());
    }
    return is_reached;
}

/// By transition: whether the party never comes back to the state from which it leads.
std::vector<bool> one_way(const Automaton& automaton) {
    std::vector<std::vector<std::size_t>> next(automaton.states.size());
    for (const Transition& each : automaton.transitions) next[each.from].push_back(each.to);
    std::vector<std::vector<bool>> reachable(automaton.states.size());
    std::vector<bool> is_one_way;
    for (const Transition& each : automaton.transitions) {
        if (reachable[each.to].empty()) reachable[each.to] = reachable_from(each.to, next);
        is_one_way.push_back(!reachable[each.to][each.from]);
    }
    return is_one_way;
}

/// Enough of each party to come to every transition of its diagram.
std::size_t commands_default(const Page& page) {
    constexpr std::size_t least = 4;
    constexpr std::size_t most = 100;
    const std::size_t states =
        std::max(page.parties[0].states.size(), page.parties[1].states.size());
    return std::clamp(states + 1, least, most);
}

/// Writes the script of one party.
class ScriptText {
 public:
    ScriptText(const Page& page, const SkeletonNames& names, Party party)
        : page_(page),
          names_(names),
          party_(party),
          automaton_(page.automaton(party)),
          way_(ways_home(automaton_)),
          is_one_way_(one_way(automaton_)) {}

    std::string text() {
        const std::string& role = names_.roles[index_of(party_)];
        const auto messages = messages_sent(page_, party_);
        text_ = fmt::format("/// What the {} does in a check{}.\n", automaton_.name,
                            messages.empty() ? ": it only receives" : "");
        text_ += fmt::format("template <class R = roles::{0}>\nstruct {0}Script {{\n    R role;\n",
                             role);
        if (!messages.empty()) text_ += "    std::uint8_t commands = 0;  ///< issued so far\n";
        text_ +=
            "\n    bool is_done(const Options&) const { return false; }\n"
            "    bool may_end(const Options&) const { return role.may_stop(); }\n";
        if (messages.empty()) {
            text_ +=
                "    bool can_act(const Options&) const { return false; }\n"
                "    void act(auto&, const Options&) {}\n";
        } else {
            add_acting(messages);
        }
        return std::move(text_) + "};\n";
    }

 private:
    std::string open_call(std::size_t message) const {
        return fmt::format("is_open_{}({}options)", names_.commands[message],
                           page_.key ? "key, " : "");
    }

    void add_acting(const std::vector<std::size_t>& messages) {
        const std::string indent(page_.key ? 12 : 8, ' ');
        text_ +=
            "    bool can_act(const Options& options) const { return count_open(options) > 0; }\n"
            "    void act(auto& port, const Options& options) {\n"
            "        std::uint32_t chosen = port.choose(count_open(options));\n";
        open_loop();
        for (const std::size_t message : messages) {
            text_ += fmt::format(
                "{0}if ({1} && chosen-- == 0) {{\n"
                "{0}    return count(role.send_{2}({3}port));\n{0}}}\n",
                indent, open_call(message), names_.commands[message], page_.key ? "key, " : "");
        }
        close_loop();
        text_ +=
            "    }\n\n    std::uint32_t count_open(const Options& options) const {\n"
            "        std::uint32_t open = 0;\n";
        open_loop();
        for (const std::size_t message : messages) {
            text_ += fmt::format("{}if ({}) ++open;\n", indent, open_call(message));
        }
        close_loop();
        text_ +=
            "        return open;\n    }\n"
            "    void count(bool is_sent) {\n        if (is_sent && commands < 255) ++commands;\n  "
            "  }\n";
        for (const std::size_t message : messages) add_is_open(message);
    }

    void open_loop() {
        if (!page_.key) return;
        text_ += "        for (std::uint8_t key = 0; key < options.conversations; ++key) {\n";
    }
    void close_loop() {
        if (page_.key) text_ += "        }\n";
    }

    /// A command that leads home is always open in its states, and so is one after which there is
    /// no way back, for which the other party may wait: both end.
    void add_is_open(std::size_t message) {
        std::vector<std::string> list{"commands < options.commands"};
        for (std::size_t i = 0; i < automaton_.transitions.size(); ++i) {
            const Transition& each = automaton_.transitions[i];
            const bool is_it = each.direction == Direction::send && each.message == message;
            if (!is_it || (way_[each.to] >= way_[each.from] && !is_one_way_[i])) continue;
            list.push_back(fmt::format("role.state{} == R::State::{}", page_.key ? "s[key]" : "",
                                       names_.states[index_of(party_)][each.from]));
        }
        const std::string& command = names_.commands[message];
        text_ += fmt::format("    bool is_open_{}({}const Options& options) const {{\n", command,
                             page_.key ? "std::uint8_t key, " : "");
        text_ += fmt::format("        if (!role.can_send_{}({})) return false;\n", command,
                             page_.key ? "key" : "");
        text_ += in_columns("        return ", list, " || ", ";\n") + "    }\n";
    }

    const Page& page_;
    const SkeletonNames& names_;
    Party party_;
    const Automaton& automaton_;
    std::vector<std::size_t> way_;  ///< see ways_home()
    std::vector<bool> is_one_way_;  ///< see one_way()
    std::string text_;
};

std::string options_text(const Page& page, std::size_t capacity) {
    std::string text = fmt::format(
        "struct Options {{\n"
        "    specs::model::Bound capacity{{{}, 1, 16}};\n"
        "    /// Of each party; after them only such as lead to where it may stop, or have no way "
        "back.\n"
        "    specs::model::Bound commands{{{}, 1, 200}};\n",
        capacity, commands_default(page));
    if (page.key) {
        text += fmt::format(
            "    specs::model::Bound conversations{{{}, 1, {}}};  ///< side by side, by {}\n",
            std::min<std::size_t>(page.key->values, 2), page.key->values, page.key->name);
    }
    return text + "};\n\n";
}

std::string variants_text(const SkeletonNames& names) {
    return fmt::format(
        "/// For what automata cannot say: numbers, objects, how often. A monitor has a `watch` "
        "for each\n"
        "/// event that it cares about; see specs/model/ for those that are there.\n"
        "struct Monitor {{\n"
        "    static constexpr std::string_view name = \"{0}\";\n\n"
        "    void watch(const auto&, specs::model::Judge&) {{}}\n"
        "}};\n\n"
        "template <Platform P>\n"
        "struct Original {{\n"
        "    using Options = specs::{0}::Options;\n"
        "    using Left = {1}Script<>;\n"
        "    using Right = {2}Script<>;\n"
        "    using Monitors = std::tuple<Monitor>;\n"
        "    template <class T>\n"
        "    using Queue = parley::model::SpscQueue<T, parley::model::dynamic_capacity, P>;\n"
        "}};\n\n"
        "/// Mutants go behind the original.\n"
        "using Variants = specs::model::VariantList<Original>;\n\n",
        names.protocol, names.roles[0], names.roles[1]);
}

}  // namespace

std::string write_scripts(const Page& page, const SkeletonNames& names, std::size_t capacity,
                          std::string_view folder) {
    std::string text = fmt::format(
        "#pragma once\n\n"
        "#include \"{1}/{0}.hpp\"\n\n"
        "#include \"parley/protocols/model/spsc_queue.hpp\"\n"
        "#include \"parley/specs/model/bound.hpp\"\n"
        "#include \"parley/specs/model/monitor.hpp\"\n"
        "#include \"parley/specs/model/mutant.hpp\"\n\n"
        "#include <cstdint>\n#include <string_view>\n#include <tuple>\n\n"
        "namespace parley::specs::{0} {{\n\n"
        "namespace roles = protocols::{0};\n"
        "using parley::model::Platform;\n\n"
        "inline constexpr std::string_view summary = \"a skeleton of its page\";\n\n",
        names.protocol, folder);
    text += options_text(page, capacity);
    text += ScriptText(page, names, Party::left).text() + "\n";
    text += ScriptText(page, names, Party::right).text() + "\n";
    return text + variants_text(names) +
           fmt::format("}}  // namespace parley::specs::{}\n", names.protocol);
}

}  // namespace parley::checker
