#include "agent/kamailio/termination.h"

#include "agent/host/log.h"
#include "agent/kamailio/instance.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

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

// Signals all of them, even if one cannot be; then the first error.
template <typename Send>
host::Result<void> send_to_all(const std::vector<Process>& processes, Send send_to_one) {
  host::Result<void> result;
  for (const auto& process : processes) {
    if (process.state == host::ProcessState::exiting) {
      continue;  // past all signals
    }
    if (auto sent = send_to_one(process); !sent && result) {
      result = std::move(sent);
    }
  }
  return result;
}

host::Result<void> ask(const host::Host& host, const std::vector<Process>& processes) {
  return send_to_all(processes, [&](const Process& process) {
    auto sent = send(host, process.id, host::Signal::terminate);
    if (sent && process.state == host::ProcessState::stopped) {
      sent = send(host, process.id, host::Signal::resume);
    }
    return sent;
  });
}

host::Result<void> kill(const host::Host& host, const std::vector<Process>& processes) {
  return send_to_all(processes, [&](const Process& process) {
    return send(host, process.id, host::Signal::kill);
  });
}

}  // namespace

host::Result<std::vector<Process>> terminate_instance(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint kill_at,
                                                      host::TimePoint deadline) {
  // Kamailio's main process keeps one signal at a time, so that a SIGCHLD right behind it makes it
  // forget a SIGTERM. Asking again costs nothing. Each round also sees what was forked meanwhile.
  host::Duration until_next_round = 50ms;
  bool has_killed = false;
  for (;;) {
    auto living = processes_of(host, parameters);
    const auto now = host.clock.now();
    if (!living || living->empty() || now >= deadline) {
      return living;
    }
    const bool grace_is_over = now >= kill_at;
    if (grace_is_over && !std::exchange(has_killed, true)) {
      host.log.write(host::Level::warning,
                     "the grace is over: SIGKILL to " + name_processes(*living));
    }
    const auto sent = grace_is_over ? kill(host, *living) : ask(host, *living);
    if (!sent) {
      return tl::unexpected(sent.error());
    }
    const auto next_round = now + until_next_round;
    until_next_round = std::min<host::Duration>(until_next_round * 2, 1s);
    // Who survives is for the next round to see.
    [[maybe_unused]] const auto survivors = host.processes.wait_until_gone(
        ids_of(*living),
        std::min(next_round, grace_is_over ? deadline : std::min(kill_at, deadline)));
  }
}

}  // namespace kamailio
