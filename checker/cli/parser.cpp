#include "parley/checker/cli/parser.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace parley::cli {

Option Option::type_name(const std::string& name) const {
    return Option(option_->type_name(name));
}

Option Option::required() const {
    return Option(option_->required());
}

Option Option::one_value_each() const {
    return Option(option_->allow_extra_args(false));
}

Parser Parser::add_subcommand(const std::string& name, const std::string& description) const {
    return Parser(*app_->add_subcommand(name, description));
}

Option Parser::add_option(const std::string& names, std::string& target,
                          const std::string& description) const {
    return Option(app_->add_option(names, target, description));
}

Option Parser::add_option(const std::string& names, std::vector<std::string>& target,
                          const std::string& description) const {
    return Option(app_->add_option(names, target, description));
}

Option Parser::add_option(const std::string& names,
                          const std::function<void(const std::string&)>& read,
                          const std::string& description) const {
    return Option(app_->add_option_function<std::string>(names, read, description));
}

void Parser::add_flag(const std::string& names, bool& target,
                      const std::string& description) const {
    if (names.starts_with('!')) {
        // As a flag of the library's own, its help would show the value.
        app_->add_flag_callback(names.substr(1), [&target] { target = false; }, description);
    } else {
        app_->add_flag(names, target, description);
    }
}

void Parser::footer(const std::string& text) const {
    app_->footer(text);
}

void Parser::callback(std::function<void()> action) const {
    app_->callback(std::move(action));
}

}  // namespace parley::cli
