#pragma once

#include "agent/host/clock.h"

#include <string>
#include <utility>
#include <vector>

namespace sim {

// The events on the machine, in order. The same seed gives the same trace.
class Trace {
 public:
  struct Line {
    host::TimePoint at;
    std::string who;   // "kamailio[101]", "agent[7]", "network"
    std::string what;  // "SIGTERM to 101"
    friend bool operator==(const Line&, const Line&) = default;
  };

  // Disables the trace of a run that nobody reads.
  void turn_off() { is_on_ = false; }
  [[nodiscard]] bool is_on() const { return is_on_; }

  void write(host::TimePoint at, std::string who, std::string what) {
    if (is_on_) {
      lines_.push_back({.at = at, .who = std::move(who), .what = std::move(what)});
    }
  }

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }

 private:
  bool is_on_ = true;
  std::vector<Line> lines_;
};

}  // namespace sim
