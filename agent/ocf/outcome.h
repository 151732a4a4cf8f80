#pragma once

#include <string>

namespace ocf {

// OCF RA API 1.1, "Exit Status Codes", with Pacemaker's reaction to each.
enum class ExitCode : int {
  success = 0,
  generic_error = 1,      // soft: recover here, then maybe elsewhere
  invalid_arguments = 2,  // hard: not on this node
  unimplemented = 3,      // hard
  not_permitted = 4,      // hard
  not_installed = 5,      // hard
  not_configured = 6,     // fatal: nowhere in the cluster
  not_running = 7,        // cleanly stopped: may be started anywhere
  degraded = 190,         // it runs, but is likely to fail: Pacemaker only shows it
};

// How an action ended. Every code but success comes with a reason that an operator can act on: what
// was expected, what was found, where.
struct Outcome {
  ExitCode code = ExitCode::success;
  std::string reason = {};

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace ocf
