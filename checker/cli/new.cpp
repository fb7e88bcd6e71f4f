#include "parley/checker/cli/check_page.hpp"
#include "parley/checker/cli/command.hpp"
#include "parley/checker/cli/input.hpp"
#include "parley/checker/cli/output.hpp"
#include "parley/checker/page.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/skeleton.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace parley::cli {

namespace {

namespace fs = std::filesystem;
using checker::InputError;

/// What the user asked `new` to do.
struct NewRequest {
    std::string page;
    std::string folder = ".";
};

struct NewFile {
    fs::path path;
    std::string text;
};

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

/// The files that are to be written. Throws InputError unless none of them is there, but for the
/// page itself.
std::vector<NewFile> new_files(const NewRequest& request, const std::string& text) {
    const std::string name = fs::path{request.page}.stem().string();
    const fs::path folder = request.folder;
    // In the tree of Parley itself a header is named from the root.
    const bool is_in_tree = is_there(folder / "protocols/model/role.hpp");
    const auto skeleton = checker::write_skeleton(checker::read_page(request.page, text), name,
                                                  is_in_tree ? "parley/protocols" : "../protocols");
    std::vector<NewFile> files{{folder / "protocols" / (name + ".hpp"), skeleton.roles},
                               {folder / "specs" / (name + ".hpp"), skeleton.scripts}};
    for (const NewFile& file : files) {
        if (!is_there(file.path)) continue;
        throw InputError(fmt::format("{} is there already, and nothing was written",
                                     file.path.lexically_normal().string()));
    }
    const fs::path page = folder / "specs" / (name + ".md");
    if (!is_there(page)) {
        files.push_back({page, text});
    } else if (read_input(page.string(), page_bytes_max) != text) {
        throw InputError(fmt::format("{} is there already and is another page; nothing was written",
                                     page.lexically_normal().string()));
    }
    return files;
}

/// All of them or none.
void write_files(const std::vector<NewFile>& files) {
    std::vector<fs::path> written;
    try {
        for (const NewFile& file : files) {
            std::error_code error;
            fs::create_directories(file.path.parent_path(), error);
            create_file(file.path.string(), file.text);
            written.push_back(file.path);
        }
    } catch (const InputError&) {
        std::error_code ignored;
        for (const fs::path& path : written) fs::remove(path, ignored);
        throw;
    }
}

int run_new(const NewRequest& request) {
    if (!is_page_path(request.page)) {
        throw InputError(fmt::format("expected a page, as in my.md, found '{}'",
                                     checker::render::printable(request.page)));
    }
    if (!fs::is_directory(request.folder)) {
        throw InputError(fmt::format("there is no folder {}", request.folder));
    }
    const auto files = new_files(request, read_input(request.page, page_bytes_max));
    write_files(files);
    std::string text;
    for (const NewFile& file : files) {
        text += fmt::format("wrote {}\n", file.path.lexically_normal().string());
    }
    say(text + fmt::format("next: parley check {}\n", fs::path{request.page}.stem().string()));
    return 0;
}

}  // namespace

void add_new(Parser app, Action& action) {
    const Parser command = app.add_subcommand("new", "write a protocol's code from its page");
    const auto request = std::make_shared<NewRequest>();
    command.add_option("PAGE", request->page, "the page, as in my.md").required();
    command.add_option("--into", request->folder, "folder with protocols/ and specs/ (this one)")
        .type_name("FOLDER");
    command.footer(
        "Writes protocols/my.hpp and specs/my.hpp, and copies the page to specs/my.md if it is\n"
        "not there: roles that conform to the page and scripts that issue every command, to be\n"
        "filled in. What is there already is never overwritten.\n"
        "\n"
        "Example:\n"
        "  parley new my.md && parley check my");
    command.callback([&action, request] { action = [request] { return run_new(*request); }; });
}

}  // namespace parley::cli
