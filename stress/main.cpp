#include "parley/stress/harness.hpp"

int main(int argc, char** argv) {
    parley::stress::run_harness(argc, argv);
}
