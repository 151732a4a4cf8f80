#pragma once

#include "conformance/node/root.h"

#include <string>

namespace node {

// The path of libfaketime; empty if it is not installed.
[[nodiscard]] std::string find_faketime();

// Makes clocks run `rate` times faster for all programs that are started from now on. libfaketime
// replaces libc's functions that wait and read clocks, and timers/ those that it does not cover.
// The clock of each program begins with the program: durations are correct, but times of different
// programs cannot be compared.
void speed_up(Root& root, const std::string& faketime, double rate);

}  // namespace node
