#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/network.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/evidence.h"
#include "agent/kamailio/parameters.h"

#include <optional>
#include <vector>

namespace kamailio {

enum class Depth {
  health,    // check level 10
  in_depth,  // check level 20, and a start: also the server's processes and shared memory, as it
             // tells them, and whether it is this server that tells them
};

struct Findings {
  std::vector<Check> checks;
  std::optional<Vitals> vitals;
  std::vector<host::Rival> rivals;  // for the instance's UDP port
};

// Asks the instance for signs of life: what the agent asks itself, over SIP and RPC, at the same
// time, and then the tools, side by side, unless the first has failed and used the time up. All end
// by the deadline, the tools as soon as the main process does. With probe=sipsak the last quarter
// of the time is the tools' own, and what sipsak got is confirmed by a question of the agent's own,
// since sipsak takes a SIP response from anybody. A slow server has as long again for that as the
// tools have taken, and once more, until `patience` at the latest.
[[nodiscard]] Findings run_checks(const host::Host& host, const Parameters& parameters,
                                  const host::ProcessId& main, Depth depth,
                                  host::TimePoint deadline, host::TimePoint patience);

}  // namespace kamailio
