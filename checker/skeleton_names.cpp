#include "parley/checker/skeleton_names.hpp"

#include "parley/checker/page_error.hpp"
#include "parley/checker/state_diagram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Automaton;
using specs::model::Page;

/// Keywords, and names that headers of the C library define as macros.
constexpr std::array<std::string_view, 103> taken_by_language{"alignas",
                                                              "alignof",
                                                              "and",
                                                              "and_eq",
                                                              "asm",
                                                              "auto",
                                                              "bitand",
                                                              "bitor",
                                                              "bool",
                                                              "break",
                                                              "case",
                                                              "catch",
                                                              "char",
                                                              "char16_t",
                                                              "char32_t",
                                                              "char8_t",
                                                              "class",
                                                              "co_await",
                                                              "co_return",
                                                              "co_yield",
                                                              "compl",
                                                              "concept",
                                                              "const",
                                                              "const_cast",
                                                              "consteval",
                                                              "constexpr",
                                                              "constinit",
                                                              "continue",
                                                              "decltype",
                                                              "default",
                                                              "delete",
                                                              "do",
                                                              "double",
                                                              "dynamic_cast",
                                                              "else",
                                                              "enum",
                                                              "explicit",
                                                              "export",
                                                              "extern",
                                                              "false",
                                                              "float",
                                                              "for",
                                                              "friend",
                                                              "goto",
                                                              "if",
                                                              "inline",
                                                              "int",
                                                              "long",
                                                              "mutable",
                                                              "namespace",
                                                              "new",
                                                              "noexcept",
                                                              "not",
                                                              "not_eq",
                                                              "nullptr",
                                                              "operator",
                                                              "or",
                                                              "or_eq",
                                                              "private",
                                                              "protected",
                                                              "public",
                                                              "register",
                                                              "requires",
                                                              "return",
                                                              "short",
                                                              "signed",
                                                              "sizeof",
                                                              "static",
                                                              "static_assert",
                                                              "static_cast",
                                                              "struct",
                                                              "switch",
                                                              "template",
                                                              "this",
                                                              "thread_local",
                                                              "throw",
                                                              "true",
                                                              "try",
                                                              "typedef",
                                                              "typeid",
                                                              "typename",
                                                              "union",
                                                              "unsigned",
                                                              "using",
                                                              "virtual",
                                                              "void",
                                                              "volatile",
                                                              "wchar_t",
                                                              "while",
                                                              "xor",
                                                              "xor_eq",
                                                              "reinterpret_cast",
                                                              "EOF",
                                                              "NULL",
                                                              "errno",
                                                              "stdin",
                                                              "stdout",
                                                              "stderr",
                                                              "assert",
                                                              "linux",
                                                              "unix",
                                                              "major",
                                                              "minor"};
/// What the code around them means by these.
constexpr std::array<std::string_view, 8> taken_by_us{"State",  "Inbox",     "Outbox", "model",
                                                      "parley", "protocols", "specs",  "std"};

/// What a role has beside its commands, and its functions call their parameters.
constexpr std::array<std::string_view, 14> taken_in_roles{
    "deferred", "each", "inbox",  "is_deferred", "key",  "may_stop", "message",
    "name",     "port", "recall", "receive",     "send", "state",    "states"};

bool is_taken_by_language(std::string_view name) {
    return std::ranges::find(taken_by_language, name) != taken_by_language.end();
}

bool is_taken(std::string_view name) {
    return is_taken_by_language(name) || std::ranges::find(taken_by_us, name) != taken_by_us.end();
}

/// A message is a type beside the roles, and roles speak of it.
bool can_be_message(std::string_view name) {
    const bool is_command = name.starts_with("send_") || name.starts_with("can_send_");
    return !is_command && !is_taken(name) &&
           std::ranges::find(taken_in_roles, name) == taken_in_roles.end();
}

/// "ArmTimer" as "arm_timer".
std::string in_lower_case(std::string_view name) {
    std::string text;
    char last = '_';
    for (const char c : name) {
        const bool is_hump = std::isupper(static_cast<unsigned char>(c)) != 0 &&
                             std::isupper(static_cast<unsigned char>(last)) == 0 && last != '_';
        if (is_hump) text += '_';
        text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        last = c;
    }
    return text;
}

/// "left_end" as "LeftEnd".
std::string in_camel_case(std::string_view name) {
    std::string text;
    bool is_begin = true;
    for (const char c : name) {
        if (c != '_') {
            text += is_begin ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        }
        is_begin = c == '_';
    }
    return text;
}

/// `name`, or with as much of `more` behind it as makes it another name than the others.
std::string made_unique(std::string name, std::string_view more,
                        const std::vector<std::string>& others) {
    while (is_taken(name) || std::ranges::find(others, name) != others.end()) name += more;
    return name;
}

int line_of_message(const Page& page, std::size_t message) {
    for (const Automaton& automaton : page.parties) {
        for (const auto& each : automaton.transitions) {
            if (each.message == message) return each.line;
        }
    }
    return 1;
}

}  // namespace

SkeletonNames skeleton_names(const Page& page, std::string_view protocol) {
    if (!is_name(protocol) || is_taken(protocol)) {
        refuse_page(
            page.file, 1,
            fmt::format("expected a file whose name can be that of a protocol in C++, found {}",
                        in_quotes(protocol)));
    }
    for (std::size_t i = 0; i < page.messages.size(); ++i) {
        if (can_be_message(page.messages[i])) continue;
        refuse_page(
            page.file, line_of_message(page, i),
            fmt::format("expected a message whose name can be that of a type in C++, found {}",
                        in_quotes(page.messages[i])));
    }
    if (page.key && is_taken_by_language(page.key->name)) {
        refuse_page(page.file, 1,
                    fmt::format("expected a key whose name can be that of a field in C++, found {}",
                                in_quotes(page.key->name)));
    }
    SkeletonNames names;
    names.protocol = protocol;
    std::vector<std::string> types = page.messages;
    for (const Party party : {Party::left, Party::right}) {
        const Automaton& automaton = page.automaton(party);
        std::string& role = names.roles[index_of(party)];
        role = made_unique(in_camel_case(automaton.name), "Role", types);
        types.push_back(role);
        for (const std::string& state : automaton.states) {
            auto& states = names.states[index_of(party)];
            std::vector<std::string> others = automaton.states;
            std::erase(others, state);
            others.insert(others.end(), states.begin(), states.end());
            states.push_back(made_unique(state, "_", others));
        }
    }
    for (const std::string& message : page.messages) {
        names.commands.push_back(made_unique(in_lower_case(message), "_", names.commands));
    }
    return names;
}

}  // namespace parley::checker
