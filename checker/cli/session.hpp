#pragma once

#include "parley/checker/catalog.hpp"
#include "parley/checker/cli/terminal.hpp"
#include "parley/checker/cli/tsan_settings.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace parley::cli {

/// What all subcommands know of the process.
struct Session {
    std::string program;  ///< as the user called it, for lines that can be pasted
    std::vector<checker::ProtocolEntry> catalog;
    Terminal terminal;
    std::shared_ptr<TsanSettings> tsan;       ///< of the catalog's engines tsan and fibers
    std::vector<std::string> arguments = {};  ///< behind "--", for a program that it runs
    const std::atomic<bool>* stop = nullptr;

    bool is_stopped() const { return stop != nullptr && stop->load(); }
};

}  // namespace parley::cli
