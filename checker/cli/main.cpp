#include "parley/checker/cli/run_command.hpp"

int main(int argc, char** argv) {
    return parley::cli::run_command(argc, argv);
}
