#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Labels = std::vector<std::string>;

/// The tags of a test case, the folders of its file below `tests`, and what the file is called:
/// tests/checker/relacy/replay_test.cpp is "checker", "relacy" and "replay".
Labels labels_of(const Catch::TestCase& test) {
    Labels labels = test.tags;
    std::string file =
        std::filesystem::path{test.lineInfo.file}.lexically_relative("tests").string();
    file.resize(std::min(file.size(), file.rfind("_test.cpp")));
    for (const auto& part : std::filesystem::path{file}) labels.push_back(part.string());
    return labels;
}

bool has_any(const Labels& labels, const Labels& wanted) {
    return std::ranges::find_first_of(labels, wanted) != labels.end();
}

/// The name as Catch2 wants it to select exactly this test.
std::string escaped(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (std::string_view{"\\,[]\"~*"}.find(c) != std::string_view::npos) text += '\\';
        text += c;
    }
    return text;
}

std::string joined(const Labels& labels) {
    std::string text;
    for (const std::string& label : labels) text += (text.empty() ? "" : ";") + label;
    return text;
}

/// Writes a script for CTest with one test for each test case: named "preset: name", labelled with
/// its labels, that of this executable and the preset. A test with threads of its own counts as two
/// processes; a test with a tag of `left_out` is left out.
int list_for_ctest(const std::string& program, const std::vector<std::string>& arguments) {
    const std::string& preset = arguments.at(1);
    const std::string& label = arguments.at(2);
    const Labels left_out{arguments.begin() + 3, arguments.end()};
    std::ofstream script{arguments.at(0)};
    for (const Catch::TestCase& test :
         Catch::getRegistryHub().getTestCaseRegistry().getAllTests()) {
        if (test.isHidden() || has_any(test.tags, left_out)) continue;
        Labels labels = labels_of(test);
        const bool is_on_fibers = has_any(labels, {"fibers"});
        const bool has_threads = has_any(labels, {"stress", "tsan"}) && !is_on_fibers;
        labels.insert(labels.end(), {label, preset});
        const std::string name = "[==[" + preset + ": " + test.name + "]==]";
        script << "add_test(" << name << " [==[" << program << "]==] [==[" << escaped(test.name)
               << "]==])\n"
               << "set_tests_properties(" << name << " PROPERTIES TIMEOUT 300 PROCESSORS "
               << (has_threads ? 2 : 1) << " LABELS [==[" << joined(labels) << "]==])\n";
    }
    return script.flush() ? 0 : 1;
}

}  // namespace

/// Catch2's own.
int catch_main(int argc, char** argv) asm("catch_main");

int main(int argc, char** argv) {
    const std::vector<std::string> arguments{argv, argv + argc};
    if (argc > 4 && arguments[1] == "--list-for-ctest") {
        return list_for_ctest(std::filesystem::canonical("/proc/self/exe").string(),
                              {arguments.begin() + 2, arguments.end()});
    }
    return catch_main(argc, argv);
}
