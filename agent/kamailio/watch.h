#pragma once

#include "agent/host/process_table.h"
#include "agent/kamailio/actions.h"
#include "agent/kamailio/checks.h"
#include "agent/ocf/outcome.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace kamailio {

// The result of a look at the instance.
struct Look {
  ocf::Outcome outcome;
  std::optional<host::ProcessId> main = {};  // the main process, if there is one
  std::size_t processes = 0;                 // how many are, or may be, of the instance
};

// Whether `watch` applies to the request: a recurring monitor with the normal check level.
[[nodiscard]] bool may_watch(const ocf::Request& request);

// Whether this monitor waits: `watch` applies and has no problem.
[[nodiscard]] bool has_to_watch(const Context& context);

// Why a monitor to which `watch` applies must not wait; empty otherwise.
[[nodiscard]] std::string watch_problem(const Context& context);

// Looks at the instance. If it runs, and the monitor before had the same result, waits up to
// `watch` and looks again every `watch_interval`, and at once when the main process ends. Returns
// as soon as the exit code or the main process is another one.
//
// Pacemaker ends a transition only when the first recurring monitor has answered, so that one must
// not wait. A monitor knows that it is not the first by a stamp that the one before has left in
// HA_RSCTMP at its end: one interval ago, for these parameters and this main process. Whatever
// happens to the stamp, it only decides whether this monitor waits.
[[nodiscard]] ocf::Outcome watch(const Context& context, const std::function<Look(Depth)>& look);

// Removes the stamp, so that the next monitor answers at once.
void forget_watch(const Context& context);

}  // namespace kamailio
