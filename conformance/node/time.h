#pragma once

#include "conformance/node/root.h"

#include <string>

namespace node {

// libfaketime, if it is installed; empty: it is not.
[[nodiscard]] std::string find_faketime();

// Lets time pass so many times faster for all programs that are started from now on, by
// libfaketime, which stands in for what waits and tells the time in libc, and by timers/ where that
// forgets something. Each program's clock
// begins when it does: durations can be trusted, and moments told by different programs cannot be
// compared.
void speed_up(Root& root, const std::string& faketime, double rate);

}  // namespace node
