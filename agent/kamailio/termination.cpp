#include "agent/kamailio/termination.h"

#include "agent/host/log.h"
#include "agent/kamailio/instance.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
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
host::Result<void> send(const host::Host& host, const ProcessId& process, host::Signal signal) {
  auto sent = host.processes.send(process, signal);
  if (!sent && sent.error().kind == host::ErrorKind::not_found) {
    return {};
  }
  return sent;
}

host::Result<void> ask(const host::Host& host, const std::vector<Process>& processes) {
  for (const auto& process : processes) {
    auto sent = send(host, process.id, host::Signal::terminate);
    if (sent && process.state == host::ProcessState::stopped) {
      sent = send(host, process.id, host::Signal::resume);
    }
    if (!sent) {
      return sent;
    }
  }
  return {};
}

host::Result<void> kill(const host::Host& host, const std::vector<Process>& processes) {
  host.log.write(host::Level::warning,
                 "the grace is over: SIGKILL to " + name_processes(processes));
  for (const auto& process : processes) {
    if (auto sent = send(host, process.id, host::Signal::kill); !sent) {
      return sent;
    }
  }
  return {};
}

}  // namespace

host::Result<std::vector<Process>> terminate_instance(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint kill_at,
                                                      host::TimePoint deadline) {
  // Kamailio's main process keeps one signal at a time, so that a SIGCHLD right behind it makes it
  // forget a SIGTERM. Asking again costs nothing.
  host::Duration ask_again = 50ms;
  for (;;) {
    // Each round sees what was forked since the last one.
    auto living = processes_of(host, parameters);
    const auto now = host.clock.now();
    if (!living || living->empty() || now >= deadline) {
      return living;
    }
    const bool grace_is_over = now >= kill_at;
    const auto sent = grace_is_over ? kill(host, *living) : ask(host, *living);
    if (!sent) {
      return tl::unexpected(sent.error());
    }
    const auto look_again =
        grace_is_over ? deadline : std::min({now + ask_again, kill_at, deadline});
    ask_again = std::min<host::Duration>(ask_again * 2, 1s);
    // Who survives is for the next round to see.
    [[maybe_unused]] const auto survivors =
        host.processes.wait_until_gone(ids_of(*living), look_again);
  }
}

}  // namespace kamailio
