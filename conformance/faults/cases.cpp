#include "conformance/faults/cases.h"

#include "conformance/live/node.h"

#include <chrono>

namespace faults {
namespace {

using namespace std::chrono_literals;

const std::string rpc_socket = "/run/kamailio/kamailio_rpc.sock";

constexpr auto timeout = 20s;

}  // namespace

std::vector<Case> make_cases() {
  live::write_file("/etc/kamailio/kamctlrc", "");
  // Each process makes a stop longer by some calls, which are like those for the others.
  const auto own =
      live::make_resource(
          "swept", 5060,
          {.has_fifo = true, .dgram_socket = rpc_socket, .extra = "children=1\ntcp_children=1\n"})
          .with("probe", "builtin")
          .with("rpc", "unixd:" + rpc_socket);
  const auto tools =
      own.without("probe").without("rpc").without("kamctlrc").with("kamctl", "/usr/sbin/kamctl");
  // An action needs a moment of it, and a start that cannot succeed all.
  return {
      {.name = "start", .resource = own, .operation = {.action = "start", .timeout = timeout}},
      {.name = "monitor",
       .resource = own,
       .operation = {.action = "monitor", .timeout = timeout},
       .is_running = true},
      {.name = "monitor-tools",
       .resource = tools,
       .operation = {.action = "monitor", .timeout = timeout},
       .is_running = true},
      {.name = "probe",
       .resource = own,
       .operation = {.action = "monitor", .timeout = timeout},
       .code = 7},
      {.name = "stop",
       .resource = own,
       .operation = {.action = "stop", .timeout = timeout},
       .is_running = true},
      {.name = "stop-again", .resource = own, .operation = {.action = "stop", .timeout = timeout}},
      {.name = "validate-all",
       .resource = own,
       .operation = {.action = "validate-all", .timeout = timeout, .check_level = 10}},
  };
}

}  // namespace faults
