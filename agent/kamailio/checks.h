#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/network.h"
#include "agent/host/process_runner.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/kamailio/evidence.h"
#include "agent/kamailio/parameters.h"
#include "agent/rpc/calls.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kamailio {

enum class Depth {
  own_checks,  // what the agent asks itself, so that no other program runs; with probe=sipsak:
               // nothing
  health,      // check level 10
  in_depth,    // check level 20, and start: also the server's processes and shared memory, as it
               // reports them over RPC, and whether this server sent the report
};

struct Findings {
  std::vector<Check> checks;
  std::optional<Vitals> vitals;
  std::vector<host::Rival> rivals;  // at the instance's UDP port
};

// Runs the health checks: first the agent's own requests over SIP and RPC, in parallel, and then
// the tools, in parallel, unless the first have failed and used up the time. All end by the
// deadline; the tools also end as soon as the main process does. With probe=sipsak the last quarter
// of the time is reserved for the tools, and a request by the agent itself confirms the result of
// sipsak, since sipsak accepts a SIP response from any sender. That request may take twice as long
// as the tools took, even beyond the deadline, but at most until `patience`.
[[nodiscard]] Findings run_checks(const host::Host& host, const Parameters& parameters,
                                  const host::ProcessId& main, Depth depth,
                                  host::TimePoint deadline, host::TimePoint patience);

// Checks over the network: network_checks.cpp.

// Runs the checks that need no other program, in parallel: with probe=builtin, OPTIONS over each
// transport of proto; with an RPC socket, the RPC calls.
[[nodiscard]] Findings ask_over_network(const host::Host& host, const Parameters& parameters,
                                        const host::ProcessId& main, Depth depth,
                                        host::TimePoint deadline);

// Confirms the result of sipsak, which accepts any SIP response that reaches its port, from any
// address. Sends the same request from a socket that receives only from this server, with a branch
// that nobody else can know (RFC 3261, section 8.1.1.7). Any final response is a success.
[[nodiscard]] std::vector<Check> confirm_over_network(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint deadline);

// Other sockets that can receive the SIP requests sent to the instance over UDP.
[[nodiscard]] std::vector<host::Rival> find_rivals(const host::Host& host,
                                                   const Parameters& parameters,
                                                   const host::ProcessId& main);

// Checks by other programs: tool_checks.cpp.

// A tool to run, and a function that reads its result. The deadline is not set yet; `waited` is the
// time it had, as text.
struct PlannedTool {
  host::Command command;
  std::function<Check(const host::ProcessResult&, const std::string& waited)> read;
};

// The checks by other programs: "kamctl monitor 1" unless kamctlrc is empty, and, with
// probe=sipsak, sipsak once for each transport of proto.
class ToolChecks {
 public:
  ToolChecks(const host::Host& host, const Parameters& parameters);

  // Results for the tools that are missing or may not be executed.
  [[nodiscard]] const std::vector<Check>& unusable() const { return unusable_; }

  // Runs the other tools in parallel. All end by the deadline, and as soon as the main process
  // does.
  [[nodiscard]] std::vector<Check> run(const host::ProcessId& main, host::TimePoint deadline) const;

 private:
  const host::Host& host_;
  std::vector<Check> unusable_;
  std::vector<PlannedTool> planned_;
};

// The server's report over RPC: vitals.cpp.

// "up for 90 s, since Mon Nov 23 10:00:00 2026"
[[nodiscard]] std::string describe(const rpc::Uptime& uptime);

// The RPC calls to make, in this order.
[[nodiscard]] std::vector<rpc::Call> vital_calls(Depth depth);

// Reads the replies to these calls for the instance with this main process. In depth, each process
// that the server names is looked up; the process table is not read. Error: the reply to
// core.uptime is missing or invalid. Missing details are no error.
[[nodiscard]] host::Result<Vitals> read_vitals(const host::Host& host, const Parameters& parameters,
                                               const host::ProcessId& main, Depth depth,
                                               const rpc::Calls& calls);

// Looks up the worker processes once more.
void look_again(const host::Host& host, const Parameters& parameters, const host::ProcessId& main,
                Vitals& vitals);

}  // namespace kamailio
