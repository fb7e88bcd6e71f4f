#include "parley/checker/symbolizer.hpp"

#include "parley/checker/subprocess.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <link.h>
#include <unistd.h>

namespace parley::checker {
namespace {

struct Location {
    std::string module;
    std::size_t address = 0;
};

struct Lookup {
    std::uintptr_t address = 0;
    std::optional<Location> found;
};

int visit_module(dl_phdr_info* info, std::size_t, void* lookup_pointer) {
    Lookup& lookup = *static_cast<Lookup*>(lookup_pointer);
    for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[i];
        const std::uintptr_t start = info->dlpi_addr + segment.p_vaddr;
        if (segment.p_type != PT_LOAD || lookup.address < start) continue;
        if (lookup.address - start >= segment.p_memsz) continue;
        const std::string_view name = info->dlpi_name;
        lookup.found = {.module = name.empty() ? path_of_program() : std::string(name),
                        .address = lookup.address - info->dlpi_addr};
        return 1;
    }
    return 0;
}

std::optional<Location> locate(std::uintptr_t address) {
    Lookup lookup{.address = address, .found = {}};
    dl_iterate_phdr(visit_module, &lookup);
    return lookup.found;
}

std::string hexadecimal(std::size_t number) {
    std::ostringstream text;
    text << "0x" << std::hex << number;
    return text.str();
}

/// "file:line" or "file:line (discriminator n)"; "??" and "?" are not known.
Frame frame_of(std::string function, std::string_view place) {
    Frame frame{.function = std::move(function), .file = {}, .line = 0};
    place = place.substr(0, place.rfind(" (discriminator"));
    const std::size_t colon = place.rfind(':');
    if (colon == std::string_view::npos || place.starts_with("??")) return frame;
    const std::string_view line = place.substr(colon + 1);
    std::from_chars(line.data(), line.data() + line.size(), frame.line);
    if (frame.line > 0) frame.file = place.substr(0, colon);
    return frame;
}

/// Reads the lines of `addr2line -a -f -i`: an address, then pairs of a function and a place.
std::vector<Stack> parse(const std::string& output) {
    std::vector<Stack> stacks;
    std::istringstream lines(output);
    std::string function;
    std::string place;
    while (std::getline(lines, function)) {
        if (function.starts_with("0x")) {
            stacks.emplace_back();
        } else if (!stacks.empty() && std::getline(lines, place)) {
            stacks.back().push_back(frame_of(std::move(function), place));
        }
    }
    return stacks;
}

std::vector<Stack> run_addr2line(const std::string& module,
                                 std::span<const std::size_t> addresses) {
    Command command{.path = "addr2line",
                    .arguments = {"-a", "-f", "-i", "-C", "-e", module},
                    .environment = {"LC_ALL=C"}};
    for (const std::size_t address : addresses) command.arguments.push_back(hexadecimal(address));
    try {
        return parse(run_command(command, {.seconds = 20}).output);
    } catch (const std::system_error&) {
        return {};  // not installed: the places stay unknown
    }
}

struct Variable {
    std::size_t address = 0;
    std::size_t bytes = 0;
    std::string name;
};

/// Reads the lines of `nm -C -S`: address, size, type and name, which may have blanks in it.
std::vector<Variable> variables_of(const std::string& module) {
    const Command command{.path = "nm",
                          .arguments = {"-C", "-S", "--defined-only", module},
                          .environment = {"LC_ALL=C"}};
    std::vector<Variable> variables;
    try {
        std::istringstream lines(run_command(command, {.seconds = 20}).output);
        std::string line;
        while (std::getline(lines, line)) {
            std::istringstream words(line);
            Variable variable;
            char type = ' ';
            words >> std::hex >> variable.address >> variable.bytes >> type >> std::ws;
            const bool is_data = std::string_view("bBdDrRuvV").find(type) != std::string_view::npos;
            if (words && is_data && std::getline(words, variable.name)) {
                variables.push_back(std::move(variable));
            }
        }
    } catch (const std::system_error&) {
        return {};  // not installed: they have no names
    }
    return variables;
}

DataSymbol symbol_at(const std::vector<Variable>& variables, std::size_t address) {
    const auto found = std::ranges::find_if(variables, [&](const Variable& each) {
        return address >= each.address && address - each.address < each.bytes;
    });
    if (found == variables.end()) return {};
    return {found->name, found->address, address - found->address};
}

/// Libraries of the system have no debug information; asking for it takes long.
bool is_system_module(const std::string& module) {
    return module.starts_with("/usr/") || module.starts_with("/lib");
}

bool is_place(const Frame& frame) {
    return !frame.file.empty() && !frame.file.starts_with("/usr/");
}

}  // namespace

std::string path_of_program() {
    std::string path(4096, '\0');
    const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
    path.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return path;
}

std::vector<Stack> symbolize_in(const std::string& module, std::span<const std::size_t> addresses) {
    std::vector<Stack> stacks;
    if (!is_system_module(module)) stacks = run_addr2line(module, addresses);
    stacks.resize(addresses.size());
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        Stack& stack = stacks[i];
        if (!stack.empty() && stack.front().function != "??") continue;
        const std::string name = module.substr(module.rfind('/') + 1);
        stack = {{.function = name + "+" + hexadecimal(addresses[i]), .file = {}, .line = 0}};
    }
    return stacks;
}

std::vector<Stack> symbolize(std::span<void* const> return_addresses) {
    struct Part {
        std::vector<std::size_t> addresses;
        std::vector<std::size_t> indices;
    };
    std::map<std::string, Part> parts;
    for (std::size_t i = 0; i < return_addresses.size(); ++i) {
        // One byte back: the call itself, not what follows it.
        const auto location = locate(reinterpret_cast<std::uintptr_t>(return_addresses[i]) - 1);
        if (!location) continue;
        parts[location->module].addresses.push_back(location->address);
        parts[location->module].indices.push_back(i);
    }
    std::vector<Stack> stacks(return_addresses.size());
    for (const auto& [module, part] : parts) {
        std::vector<Stack> found = symbolize_in(module, part.addresses);
        for (std::size_t k = 0; k < found.size(); ++k) {
            stacks[part.indices[k]] = std::move(found[k]);
        }
    }
    return stacks;
}

std::vector<DataSymbol> symbolize_data(std::span<const std::uintptr_t> addresses) {
    std::vector<DataSymbol> symbols(addresses.size());
    const std::string program = path_of_program();
    std::optional<std::vector<Variable>> variables;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto location = locate(addresses[i]);
        if (!location || location->module != program) continue;
        if (!variables) variables = variables_of(program);
        symbols[i] = symbol_at(*variables, location->address);
    }
    return symbols;
}

const Frame* innermost_place(const Stack& stack) {
    const auto place = std::ranges::find_if(stack, is_place);
    return place == stack.end() ? nullptr : &*place;
}

void drop_outermost_system_frames(Stack& stack) {
    const auto outermost = std::find_if(stack.rbegin(), stack.rend(), is_place);
    if (outermost != stack.rend()) stack.erase(outermost.base(), stack.end());
}

}  // namespace parley::checker
