#pragma once

#include "agent/host/clock.h"

#include <string>

namespace host {

// For messages, with one decimal: "2.0 s"; below a second in milliseconds, from 100 on rounded to
// tens: "350 ms".
[[nodiscard]] std::string in_seconds(Duration duration);

}  // namespace host
