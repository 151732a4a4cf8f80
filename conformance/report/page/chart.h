#pragma once

#include "agent/host/clock.h"
#include "conformance/outcome/outcome.h"

#include <cstddef>
#include <string>
#include <vector>

namespace conformance {

// One or more equal lines of a timeline, about several processes at the same time.
struct Event {
  host::Duration at{};
  std::string who;
  std::string what;  // "SIGTERM to kamailio[102, 103, 104]"
  std::size_t lines = 1;
  bool is_wanting = false;  // a step with a finding
};

struct Events {
  std::vector<Event> events;
  std::size_t left_out = 0;       // from the middle of a timeline that is too long to show
  std::size_t left_out_from = 0;  // the event before which they are left out
};

[[nodiscard]] Events events_of(const Outcome& outcome);

// A timeline as a drawing: processes from top to bottom, time from left to right. Positions are in
// per cent of the width. Half of the width is proportional to time, and half gives equal space to
// each moment, so that a long wait does not hide a start that takes milliseconds.
struct Chart {
  enum class Kind { cluster, agent, other };

  // A group of events that are too close to be drawn separately.
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
    std::string name;  // "agent[116]"; "kamailio (15)" for processes that share a lane
    Kind kind = Kind::other;
    std::vector<Bar> bars = {};  // from the first to the last event of a process
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
