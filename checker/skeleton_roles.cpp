#include "parley/checker/skeleton_roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Direction;
using specs::model::Handling;
using specs::model::Page;
using specs::model::Transition;

constexpr std::size_t columns = 100;

/// Writes the role of one party.
class RoleText {
 public:
    RoleText(const Page& page, const SkeletonNames& names, Party party)
        : page_(page), names_(names), party_(party), automaton_(page.automaton(party)) {
        for (const Transition& each : automaton_.transitions) {
            is_deferring_ = is_deferring_ || each.handling == Handling::deferred;
        }
    }

    std::string text() {
        text_ = fmt::format("/// The {}. Its states are those of its diagram.\nstruct {} {{\n",
                            automaton_.name, names_.roles[index_of(party_)]);
        add("    static constexpr std::string_view name = \"{}\";\n", automaton_.name);
        text_ += variant("Inbox", other(party_)) + variant("Outbox", party_);
        add_states();
        add_may_stop();
        for (const std::size_t message : messages_sent(page_, party_)) add_command(message);
        for (const std::size_t message : messages_sent(page_, other(party_))) add_handler(message);
        if (is_deferring_) add_deferring();
        return std::move(text_) + "};\n";
    }

 private:
    template <class... Args>
    void add(fmt::format_string<Args...> format, Args&&... args) {
        text_ += fmt::format(format, std::forward<Args>(args)...);
    }

    std::string variant(std::string_view name, Party sender) const {
        std::vector<std::string> types;
        for (const std::size_t message : messages_sent(page_, sender)) {
            types.push_back(page_.messages[message]);
        }
        if (types.empty()) types.emplace_back("std::monostate");
        return in_columns(fmt::format("    using {} = std::variant<", name), types, ", ", ">;\n");
    }

    const std::string& state(std::size_t number) const {
        return names_.states[index_of(party_)][number];
    }

    /// The initial state comes first: it is what a state is without a value.
    void add_states() {
        std::vector<std::string> list{state(automaton_.initial)};
        for (std::size_t i = 0; i < automaton_.states.size(); ++i) {
            if (i != automaton_.initial) list.push_back(state(i));
        }
        const char* const type = list.size() > 256 ? "uint16_t" : "uint8_t";
        text_ += in_columns(fmt::format("    enum class State : std::{} {{ ", type), list, ", ",
                            " };\n\n");
        if (page_.key) {
            add("    std::array<State, {}> states{{}};  ///< by {}\n", page_.key->values,
                page_.key->name);
        } else {
            add("    State state = State::{};\n", list.front());
        }
        if (is_deferring_) text_ += "    model::Deferred<Inbox> deferred;\n";
        text_ += "\n";
    }

    /// "state == State::idle || state == State::armed", wrapped behind `head`.
    std::string is_one_of(const std::string& head, const std::vector<std::size_t>& states,
                          std::string_view variable, const std::string& tail) const {
        std::vector<std::string> list;
        for (const std::size_t each : states) {
            list.push_back(fmt::format("{} == State::{}", variable, state(each)));
        }
        if (list.empty()) list.emplace_back("false");
        return in_columns(head, list, " || ", tail);
    }

    /// A function that says whether a state is one of some, in one line if there is room for it.
    std::string query(const std::string& name, const std::vector<std::size_t>& states,
                      std::string_view variable) const {
        const std::string head = fmt::format("    bool {} const {{", name);
        const std::string line = is_one_of(head + " return ", states, variable, "; }\n");
        if (line.size() <= columns + 1 && line.find('\n') == line.size() - 1) return line;
        return head + "\n" + is_one_of("        return ", states, variable, ";\n") + "    }\n";
    }

    void add_may_stop() {
        std::vector<std::size_t> accepting;
        for (std::size_t i = 0; i < automaton_.states.size(); ++i) {
            if (automaton_.is_accepting[i]) accepting.push_back(i);
        }
        text_ += "    /// Whether it may be left as it is.\n";
        if (!is_deferring_ && !page_.key) {
            text_ += query("may_stop()", accepting, "state");
            return;
        }
        text_ += "    bool may_stop() const {\n";
        if (is_deferring_) text_ += "        if (!deferred.is_empty()) return false;\n";
        if (page_.key) {
            const std::string head = "        return std::ranges::all_of(states, [](State state) {";
            const std::string line = is_one_of(head + " return ", accepting, "state", "; });\n");
            const bool fits = line.size() <= columns + 1 && line.find('\n') == line.size() - 1;
            text_ += fits ? line
                          : head + "\n" +
                                is_one_of("            return ", accepting, "state", ";\n") +
                                "        });\n";
        } else {
            text_ += is_one_of("        return ", accepting, "state", ";\n");
        }
        text_ += "    }\n";
    }

    std::vector<const Transition*> transitions_of(Direction direction, std::size_t message) const {
        std::vector<const Transition*> list;
        for (const Transition& each : automaton_.transitions) {
            if (each.direction == direction && each.message == message) list.push_back(&each);
        }
        return list;
    }

    void add_command(std::size_t message) {
        const auto transitions = transitions_of(Direction::send, message);
        const std::string& type = page_.messages[message];
        const std::string& command = names_.commands[message];
        std::vector<std::size_t> from;
        for (const Transition* each : transitions) from.push_back(each->from);
        const std::string_view key = page_.key ? "std::uint8_t key" : "";
        const std::string_view variable = page_.key ? "states[key]" : "state";
        text_ += "\n" + query(fmt::format("can_send_{}({})", command, key), from, variable);
        text_ +=
            "    /// False: the queue is full or this is not the time, and nothing has happened.\n";
        add("    bool send_{}({}{}auto& port) {{\n", command, key, page_.key ? ", " : "");
        add("        if (!can_send_{}({}) || !port.send({}{{{}}})) return false;\n", command,
            page_.key ? "key" : "", type, page_.key ? "key" : "");
        if (page_.key) text_ += "        State& state = states[key];\n";
        add_steps(transitions);
        if (is_deferring_) text_ += "        recall(port);\n";
        text_ += "        return true;\n    }\n";
    }

    /// From where each of the transitions comes to where it leads.
    void add_steps(const std::vector<const Transition*>& transitions) {
        const auto leads_elsewhere = [&](const Transition* each) {
            return each->to != transitions.front()->to;
        };
        if (std::ranges::none_of(transitions, leads_elsewhere)) {
            add("        state = State::{};\n", state(transitions.front()->to));
            return;
        }
        text_ += "        switch (state) {\n";
        for (const auto& [to, from] : by_target(transitions)) {
            add_cases(from);
            add("                state = State::{};\n                break;\n", state(to));
        }
        text_ += "            default:\n                break;\n        }\n";
    }

    static std::map<std::size_t, std::vector<std::size_t>> by_target(
        const std::vector<const Transition*>& transitions) {
        std::map<std::size_t, std::vector<std::size_t>> targets;
        for (const Transition* each : transitions) targets[each->to].push_back(each->from);
        return targets;
    }

    void add_cases(const std::vector<std::size_t>& states) {
        for (const std::size_t each : states) add("            case State::{}:\n", state(each));
    }

    void add_handler(std::size_t message) {
        add("\n    void receive(const {}& message, auto& port) {{\n", page_.messages[message]);
        if (page_.key) {
            add("        if (message.{} >= states.size()) return port.reject(message);\n",
                page_.key->name);
            add("        State& state = states[message.{}];\n", page_.key->name);
        }
        text_ += "        switch (state) {\n";
        std::map<Handling, std::vector<const Transition*>> handlings;
        for (const Transition* each : transitions_of(Direction::receive, message)) {
            handlings[each->handling].push_back(each);
        }
        for (const auto& [to, from] : by_target(handlings[Handling::taken])) {
            add_cases(from);
            add("                state = State::{};\n", state(to));
            text_ += is_deferring_ ? "                return recall(port);\n"
                                   : "                return;\n";
        }
        add_cases(sources(handlings[Handling::ignored]));
        if (!handlings[Handling::ignored].empty()) {
            text_ += "                return;  // without effect\n";
        }
        add_cases(sources(handlings[Handling::deferred]));
        if (!handlings[Handling::deferred].empty()) {
            text_ +=
                "                if (!deferred.add(message)) port.reject(message);\n"
                "                return;\n";
        }
        text_ +=
            "            default:\n                return port.reject(message);\n"
            "        }\n    }\n";
    }

    static std::vector<std::size_t> sources(const std::vector<const Transition*>& transitions) {
        std::vector<std::size_t> list;
        for (const Transition* each : transitions) list.push_back(each->from);
        return list;
    }

    void add_deferring() {
        text_ += "\n";
        for (const std::size_t message : messages_sent(page_, other(party_))) {
            std::vector<std::size_t> states;
            for (const Transition* each : transitions_of(Direction::receive, message)) {
                if (each->handling == Handling::deferred) states.push_back(each->from);
            }
            const bool has_name = page_.key && !states.empty();
            const std::string variable =
                page_.key ? fmt::format("states[message.{}]", page_.key->name) : "state";
            text_ += query(fmt::format("is_deferred(const {}&{})", page_.messages[message],
                                       has_name ? " message" : ""),
                           states, variable);
        }
        text_ +=
            "\n    /// Handles what was deferred and is not any more.\n"
            "    void recall(auto& port) {\n"
            "        const auto is_due = [&](const Inbox& inbox) {\n"
            "            return std::visit([&](const auto& each) { return !is_deferred(each); "
            "}, "
            "inbox);\n"
            "        };\n"
            "        while (const auto inbox = deferred.take(is_due)) {\n"
            "            std::visit([&](const auto& each) { receive(each, port); }, *inbox);\n"
            "        }\n"
            "    }\n";
    }

    const Page& page_;
    const SkeletonNames& names_;
    Party party_;
    const Automaton& automaton_;
    bool is_deferring_ = false;
    std::string text_;
};

std::string messages_text(const Page& page, Party sender) {
    std::string text;
    for (const std::size_t message : messages_sent(page, sender)) {
        const std::string route = fmt::format("{} to {}", page.automaton(sender).name,
                                              page.automaton(other(sender)).name);
        if (page.key) {
            text += fmt::format("/// {}\nstruct {} {{\n    std::uint8_t {} = 0;\n}};\n\n", route,
                                page.messages[message], page.key->name);
        } else {
            text += fmt::format("/// {}\nstruct {} {{}};\n\n", route, page.messages[message]);
        }
    }
    return text;
}

bool has_deferring(const Page& page) {
    for (const Automaton& automaton : page.parties) {
        for (const Transition& each : automaton.transitions) {
            if (each.handling == Handling::deferred) return true;
        }
    }
    return false;
}

}  // namespace

std::vector<std::size_t> messages_sent(const Page& page, Party party) {
    std::vector<std::size_t> messages;
    for (std::size_t message = 0; message < page.messages.size(); ++message) {
        const auto is_it = [&](const Transition& each) {
            return each.direction == Direction::send && each.message == message;
        };
        if (std::ranges::any_of(page.automaton(party).transitions, is_it)) {
            messages.push_back(message);
        }
    }
    return messages;
}

std::string in_columns(const std::string& head, const std::vector<std::string>& items,
                       const std::string& separator, const std::string& tail) {
    std::string text = head;
    std::size_t column = head.size();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string item = items[i] + (i + 1 < items.size() ? separator : tail);
        const std::size_t width = item.find_last_not_of(" \n") + 1;
        if (i > 0 && column + width > columns) {
            text.erase(text.find_last_not_of(' ') + 1);
            text += "\n" + std::string(head.size(), ' ');
            column = head.size();
        }
        text += item;
        column += item.size();
    }
    return text;
}

std::string write_roles(const Page& page, const SkeletonNames& names) {
    const bool defers = has_deferring(page);
    std::string text = "#pragma once\n\n";
    if (defers) text += "#include \"parley/protocols/model/deferred.hpp\"\n\n";
    if (page.key) text += "#include <algorithm>\n#include <array>\n";
    text += "#include <cstdint>\n#include <string_view>\n#include <variant>\n\n";
    text += fmt::format(
        "/// A skeleton of the page specs/{0}.md, to be filled in. It sends and receives what the "
        "page\n"
        "/// says; messages carry nothing yet{1}.\n"
        "namespace parley::protocols::{0} {{\n\n",
        names.protocol, page.key ? fmt::format(" but their {}", page.key->name) : "");
    text += messages_text(page, Party::left) + messages_text(page, Party::right);
    text += RoleText(page, names, Party::left).text() + "\n";
    text += RoleText(page, names, Party::right).text() + "\n";
    return text + fmt::format("}}  // namespace parley::protocols::{}\n", names.protocol);
}

}  // namespace parley::checker
