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

// A timeline as a drawing: who did something from top to bottom, time from left to right. Places
// are parts of its width in per cent. Half of the width is for time as it passes and half for one
// step from each moment to the next, so that neither a long wait nor a start in milliseconds hides
// the rest.
struct Chart {
  enum class Kind { cluster, agent, other };

  // Events that are too close to each other to be drawn apart.
  struct Mark {
    double at = 0;
    std::vector<std::size_t> events = {};
    bool is_wanting = false;
  };
  struct Bar {
    double from = 0;
    double to = 0;
  };
  struct Lane {
    std::string name;  // "agent[116]"; "kamailio (15)" if they had to share a lane
    Kind kind = Kind::other;
    std::vector<Bar> bars = {};  // from the first event of somebody to the last
    std::vector<Mark> marks = {};
  };
  struct Tick {
    double at = 0;
    std::string text;
  };

  std::vector<Lane> lanes = {};
  std::vector<Tick> ticks = {};
};

[[nodiscard]] Chart chart_of(const std::vector<Event>& events);

}  // namespace conformance
