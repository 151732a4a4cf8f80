#pragma once

#include "agent/host/clock.h"

#include <string>
#include <vector>

namespace conformance {

struct TimelineLine {
  host::Duration at{};  // since the beginning
  std::string who;      // "cluster", "kamailio[102]"
  std::string what;
};

using Timeline = std::vector<TimelineLine>;

}  // namespace conformance
