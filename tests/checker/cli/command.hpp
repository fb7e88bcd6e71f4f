#pragma once

#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

/// Runs the built command as a user does.
namespace parley::tests {

/// A folder that is gone when the test ends.
class TemporaryFolder {
 public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "parley-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
    std::filesystem::path path_;
};

inline std::string read_file(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

inline void write_file(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

/// What a command did.
struct Ended {
    int code = -1;
    std::string output;
    std::string errors;
};

/// `PROGRAM ARGUMENTS` through the shell, in a pipe; `prefix` goes before it.
inline Ended run_program(const std::string& program, const std::string& arguments,
                         const std::string& prefix = "") {
    const TemporaryFolder folder;
    const std::string command = prefix + " '" + program + "' " + arguments + " >'" +
                                folder.file("out") + "' 2>'" + folder.file("err") + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(folder.file("out")),
            read_file(folder.file("err"))};
}

inline Ended run_parley(const std::string& arguments, const std::string& prefix = "") {
    return run_program(PARLEY_COMMAND, arguments, prefix);
}

/// Runs the line that a failing check has printed to show its run again.
inline Ended replay_shown(const Ended& failed) {
    const std::string line = failed.output.substr(failed.output.find("replay ") + 7);
    const std::string command = line.substr(line.find("replay "));
    return run_parley(command.substr(0, command.find('\n')));
}

/// Bad input is answered with one line on standard error that contains `words`, and exit code 2.
inline void check_bad_input(const std::string& arguments, const std::string& words) {
    const Ended ended = run_parley(arguments);
    INFO(arguments);
    INFO(ended.errors);
    CHECK(ended.code == 2);
    CHECK(ended.output.empty());
    CHECK_THAT(ended.errors, Catch::Matchers::StartsWith("parley: ") &&
                                 Catch::Matchers::EndsWith("\n") &&
                                 Catch::Matchers::Contains(words));
    CHECK(std::count(ended.errors.begin(), ended.errors.end(), '\n') == 1);
}

}  // namespace parley::tests
