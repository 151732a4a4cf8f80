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

// The input of an action.
struct Context {
  const host::Host& host;
  const ocf::Request& request;
  const Parameters& parameters;
  const std::vector<ParameterError>& errors;
  host::TimePoint begin;
  std::chrono::milliseconds timeout;  // of the operation, or of the meta-data if it has none
};

// The actions of OCF RA API 1.1. Each uses only the parameters, files and tools that it needs, so
// that a probe works on a node without Kamailio, and a stop works on a node where everything else
// is gone.

// Succeeds when the first full monitor succeeds; at once if the instance is already healthy. Waits
// for an instance that is just starting, ends leftovers of a dead main process, and removes a stale
// PID file. Fails as soon as Kamailio exits or dies, with Kamailio's own error message, and
// otherwise before the timeout with the last reason seen.
[[nodiscard]] ocf::Outcome start(const Context& context);

// Sends SIGTERM to all processes of the instance, waits, sends SIGKILL, and succeeds only when none
// of them is alive. Then it removes the PID file, and its directory if it is the default one and
// empty.
[[nodiscard]] ocf::Outcome stop(const Context& context);

// Check level 0: only the processes. Otherwise the health check, too. Changes nothing.
[[nodiscard]] ocf::Outcome monitor(const Context& context);

// Check level 0: only the parameters. Otherwise this node, too: programs, files, accounts,
// Kamailio's check of the configuration file and, if the server runs here, whether it passes its
// health check with these parameters.
[[nodiscard]] ocf::Outcome validate_all(const Context& context);

// Reloadable parameters are those that only monitor and stop read, and each run reads them anew, so
// there is nothing to do. Monitors report invalid values.
[[nodiscard]] ocf::Outcome reload_agent(const Context& context);

}  // namespace kamailio
