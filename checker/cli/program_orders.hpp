#pragma once

#include "parley/checker/order_finding.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace parley::cli {

/// Whether it is the path of a program, and not the name of a protocol.
bool is_program(const std::string& name);

/// Runs `command`, a program and its arguments, whose calls of rc11::verify() then find out about
/// memory orders as rc11::verify_orders() does. An order is necessary if any of them needs it. What
/// the program prints goes to nobody. Throws InputError when it cannot be run or never calls it.
checker::OrderFindings find_orders_of_program(const std::vector<std::string>& command,
                                              const std::atomic<bool>* stop);

}  // namespace parley::cli
