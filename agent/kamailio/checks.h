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

// Over the network: network_checks.cpp.

// The checks that need no other program, all at the same time: with probe=builtin, OPTIONS over
// each transport of proto; if there is an RPC socket, what the server says of itself there.
[[nodiscard]] Findings ask_over_network(const host::Host& host, const Parameters& parameters,
                                        const host::ProcessId& main, Depth depth,
                                        host::TimePoint deadline);

// For probe=sipsak, which takes any SIP response that reaches its port, from whatever address: asks
// the same over a socket that hears this server alone, with a branch that nobody else can know
// (RFC 3261, section 8.1.1.7). Any final response will do.
[[nodiscard]] std::vector<Check> confirm_over_network(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint deadline);

// Who else gets SIP requests that are sent to the instance over UDP.
[[nodiscard]] std::vector<host::Rival> find_rivals(const host::Host& host,
                                                   const Parameters& parameters,
                                                   const host::ProcessId& main);

// By other programs: tool_checks.cpp.

// A tool that is to run, and how to read its result. The deadline is not set yet; `waited` says in
// words how long it was.
struct PlannedTool {
  host::Command command;
  std::function<Check(const host::ProcessResult&, const std::string& waited)> read;
};

// The checks by other programs: "kamctl monitor 1" unless kamctlrc is empty, and, with
// probe=sipsak, sipsak once for each transport of proto.
class ToolChecks {
 public:
  ToolChecks(const host::Host& host, const Parameters& parameters);

  // Of the tools that are missing or may not be run.
  [[nodiscard]] const std::vector<Check>& unusable() const { return unusable_; }

  // Runs the others side by side. All end by the deadline, and as soon as the main process does.
  [[nodiscard]] std::vector<Check> run(const host::ProcessId& main, host::TimePoint deadline) const;

 private:
  const host::Host& host_;
  std::vector<Check> unusable_;
  std::vector<PlannedTool> planned_;
};

// What the server says of itself: vitals.cpp.

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
