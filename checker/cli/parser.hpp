#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library names it
class App;
class Option;
}  // namespace CLI

/// The part of CLI11 that subcommands use, so that a file that only adds options is not compiled
/// with all of it. Both are handles: what they name lives as long as the command's parser.
namespace parley::cli {

class Option {
 public:
    explicit Option(CLI::Option* option) : option_(option) {}
    /// What its value is called in the help.
    Option type_name(const std::string& name) const;
    Option required() const;
    /// It may be given several times, with one value each.
    Option one_value_each() const;

 private:
    CLI::Option* option_;
};

class Parser {
 public:
    explicit Parser(CLI::App& app) : app_(&app) {}
    Parser add_subcommand(const std::string& name, const std::string& description) const;
    /// An option as "--name,-n", or an argument as "NAME", whose value goes to `target`, which must
    /// outlive the parsing.
    Option add_option(const std::string& names, std::string& target,
                      const std::string& description) const;
    Option add_option(const std::string& names, std::vector<std::string>& target,
                      const std::string& description) const;
    /// An option whose value goes to a function, which may throw InputError.
    Option add_option(const std::string& names, const std::function<void(const std::string&)>& read,
                      const std::string& description) const;
    /// An option without a value; "!--name" makes `target` false.
    void add_flag(const std::string& names, bool& target, const std::string& description) const;
    void footer(const std::string& text) const;
    /// What is done when this subcommand was called.
    void callback(std::function<void()> action) const;
    /// The parser itself.
    CLI::App& app() const { return *app_; }

 private:
    CLI::App* app_;
};

}  // namespace parley::cli
