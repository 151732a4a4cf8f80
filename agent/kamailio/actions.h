#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"
#include "agent/ocf/request.h"

#include <chrono>
#include <optional>
#include <vector>

namespace kamailio {

// What an action works with.
struct Context {
  const host::Host& host;
  const ocf::Request& request;
  const Parameters& parameters;
  const std::vector<ParameterError>& errors;
  host::TimePoint begin;
  std::chrono::milliseconds timeout;  // the operation's, or the meta-data's if it has none
};

// The actions of OCF RA API 1.1. Each looks only at the parameters, files and tools it needs, so
// that a probe works on a node without Kamailio, and a stop where everything else is gone.

// Succeeds when the first full monitor does; at once if it already does. Waits for an instance that
// is just coming up; ends what a dead main process left; removes a stale PID file. Fails as soon as
// Kamailio exits or dies, with its own words, and before the timeout with the last reason seen.
[[nodiscard]] ocf::Outcome start(const Context& context);

// SIGTERM to all that is mine, a grace, SIGKILL, and success only when nothing of it lives. Then
// the PID file is removed, and its directory if it is the default one and empty.
[[nodiscard]] ocf::Outcome stop(const Context& context);

// Check level 0: the processes alone. Otherwise the tools, too. Changes nothing.
[[nodiscard]] ocf::Outcome monitor(const Context& context);

// Check level 0: the parameters alone. Otherwise this node, too: programs, files, accounts, what
// Kamailio says of the configuration file and, if the server runs here, whether it passes its
// health check with these parameters. Silent if all is well.
[[nodiscard]] ocf::Outcome validate_all(const Context& context);

// Reloadable parameters are those that only a monitor and a stop read, and each reads them anew:
// nothing is to be done. A wrong value is for the monitors to show.
[[nodiscard]] ocf::Outcome reload_agent(const Context& context);

}  // namespace kamailio
