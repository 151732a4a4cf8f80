#pragma once

#include "agent/host/host.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/evidence.h"
#include "agent/kamailio/parameters.h"
#include "agent/rpc/calls.h"

#include <string>
#include <vector>

namespace kamailio {

// "up for 90 s, since Mon Nov 23 10:00:00 2026"
[[nodiscard]] std::string describe(const rpc::Uptime& uptime);

// What to call, in this order.
[[nodiscard]] std::vector<rpc::Call> vital_calls(Depth depth);

// What the answers to these calls say of the instance with this main process. In depth, each of the
// processes that the server names is looked up, the process table is not walked. Error: the server
// does not tell its uptime. That it does not tell details is not an error.
[[nodiscard]] host::Result<Vitals> read_vitals(const host::Host& host, const Parameters& parameters,
                                               const host::ProcessId& main, Depth depth,
                                               const rpc::Calls& calls);

// Looks the processes up once more.
void look_again(const host::Host& host, const Parameters& parameters, const host::ProcessId& main,
                Vitals& vitals);

}  // namespace kamailio
