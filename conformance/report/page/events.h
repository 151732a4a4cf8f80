#pragma once

#include "agent/host/clock.h"
#include "conformance/outcome/outcome.h"

#include <cstddef>
#include <string>
#include <vector>

namespace conformance {

// Lines of a timeline that say the same of several processes at the same time, as one.
struct Event {
  host::Duration at{};
  std::string who;
  std::string what;  // "SIGTERM to kamailio[102, 103, 104]"
  std::size_t lines = 1;
  bool is_wanting = false;  // a step in which something was found
};

struct Events {
  std::vector<Event> events;
  std::size_t left_out = 0;       // from the middle of a timeline that is too long to show
  std::size_t left_out_from = 0;  // the event before which they would stand
};

[[nodiscard]] Events events_of(const Outcome& outcome);

}  // namespace conformance
