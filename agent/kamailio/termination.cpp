#include "agent/kamailio/termination.h"

#include "agent/host/log.h"
#include "agent/kamailio/instance.h"

#include <algorithm>
#include <string>

namespace kamailio {
namespace {

using host::Process;
using host::ProcessId;

std::vector<ProcessId> ids_of(const std::vector<Process>& processes) {
  std::vector<ProcessId> ids;
  for (const auto& process : processes) {
    ids.push_back(process.id);
  }
  return ids;
}

// A process that is already gone has what was wanted for it.
host::Result<void> signal(const host::Host& host, const ProcessId& process, host::Signal signal) {
  auto sent = host.processes.send(process, signal);
  if (!sent && sent.error().kind == host::ErrorKind::not_found) {
    return {};
  }
  return sent;
}

}  // namespace

host::Result<std::vector<Process>> terminate_instance(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint kill_at,
                                                      host::TimePoint deadline) {
  std::vector<ProcessId> asked;   // got SIGTERM
  std::vector<ProcessId> killed;  // got SIGKILL
  const auto add = [](std::vector<ProcessId>& ids, const ProcessId& id) {
    const bool is_new = std::ranges::find(ids, id) == ids.end();
    if (is_new) {
      ids.push_back(id);
    }
    return is_new;
  };
  for (;;) {
    // Each round sees what was forked since the last one.
    auto living = processes_of(host, parameters);
    const auto now = host.clock.now();
    if (!living || living->empty() || now >= deadline) {
      return living;
    }
    const bool kill = now >= kill_at;
    if (kill && killed.empty()) {
      host.log.write(host::Level::warning,
                     "the grace is over: SIGKILL to " + name_processes(*living));
    }
    for (const auto& process : *living) {
      host::Result<void> sent;
      if (kill && add(killed, process.id)) {
        sent = signal(host, process.id, host::Signal::kill);
      } else if (!kill && add(asked, process.id)) {
        sent = signal(host, process.id, host::Signal::terminate);
        if (sent && process.state == host::ProcessState::stopped) {
          sent = signal(host, process.id, host::Signal::resume);
        }
      }
      if (!sent) {
        return tl::unexpected(sent.error());
      }
    }
    const auto survivors =
        host.processes.wait_until_gone(ids_of(*living), kill ? deadline : kill_at);
    (void)survivors;  // the next round looks for itself
  }
}

}  // namespace kamailio
