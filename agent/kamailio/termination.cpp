#include "agent/kamailio/termination.h"

#include "agent/host/accounts.h"
#include "agent/host/log.h"
#include "agent/kamailio/instance.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

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

// A process that is exiting ignores all signals.
std::vector<Process> receivers_among(const std::vector<Process>& processes) {
  std::vector<Process> receivers;
  std::ranges::copy_if(processes, std::back_inserter(receivers), [](const Process& process) {
    return process.state != host::ProcessState::exiting;
  });
  return receivers;
}

// If the process is already gone, there is nothing to do.
host::Result<void> send(const host::Host& host, const ProcessId& process, host::Signal signal) {
  auto sent = host.processes.send(process, signal);
  if (!sent && sent.error().kind == host::ErrorKind::not_found) {
    return {};
  }
  return sent;
}

// Signals all of them, even if one signal fails; returns the first error.
template <typename Send>
host::Result<void> send_to_all(const std::vector<Process>& processes, Send send_to_one) {
  host::Result<void> result;
  for (const auto& process : processes) {
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

bool contains(const std::vector<ProcessId>& ids, const ProcessId& id) {
  return std::ranges::find(ids, id) != ids.end();
}

// A tracer can hold a process in its exit even after SIGKILL (ptrace(2), PTRACE_O_TRACEEXIT), and
// can itself be held by its own tracer. The service's user must not be able to block a stop in this
// way, and may signal its own tracers anyway (kill(2)). The agent does not end a tracer that runs
// as root.
void end_tracers(const host::Host& host, const Process& killed, std::vector<ProcessId>& ended) {
  const auto user = killed.users.real;
  if (killed.state != host::ProcessState::stopped || user == 0 ||
      user == host.accounts.effective_user()) {
    return;
  }
  std::vector<ProcessId> chain;
  for (auto held = killed; held.tracer != 0 && !contains(chain, held.id);) {
    const auto tracer = host.processes.find(held.tracer);
    // The pid may have been reused by now.
    const auto again = host.processes.find(held.id.pid);
    if (!tracer || tracer->users.real != user || !again || again->id != held.id ||
        again->tracer != held.tracer) {
      return;
    }
    if (!contains(ended, tracer->id)) {
      ended.push_back(tracer->id);
      host.log.write(host::Level::warning, "process " + std::to_string(held.id.pid) +
                                               " is held by its tracer, process " +
                                               std::to_string(tracer->id.pid) + " (" +
                                               tracer->name + "): sending SIGKILL to the tracer");
    }
    (void)send(host, tracer->id, host::Signal::kill);
    chain.push_back(held.id);
    held = *tracer;
  }
}

// Sends SIGKILL in rounds.
class Killing {
 public:
  explicit Killing(const host::Host& host) : host_(host) {}

  host::Result<void> kill(const std::vector<Process>& processes) {
    if (!processes.empty() && !std::exchange(has_begun_, true)) {
      host_.log.write(host::Level::warning,
                      "the grace period is over: sending SIGKILL to " + name_processes(processes));
    }
    for (const auto& process : processes) {
      if (contains(killed_, process.id)) {
        end_tracers(host_, process, tracers_);
      }
    }
    killed_ = ids_of(processes);
    return send_to_all(processes, [&](const Process& process) {
      return send(host_, process.id, host::Signal::kill);
    });
  }

 private:
  const host::Host& host_;
  bool has_begun_ = false;
  std::vector<ProcessId> killed_;   // in the round before
  std::vector<ProcessId> tracers_;  // that were ended
};

}  // namespace

host::Result<Census> terminate_instance(const host::Host& host, const Parameters& parameters,
                                        host::TimePoint kill_at, host::TimePoint deadline) {
  // Kamailio's main process stores only one signal at a time, so that a SIGCHLD right after a
  // SIGTERM replaces it. Sending SIGTERM again costs nothing. Each round also finds processes that
  // were forked meanwhile.
  host::Duration until_next_round = 50ms;
  Killing killing(host);
  std::vector<ProcessId> known;
  host::Result<void> signalled;
  for (;;) {
    auto living =
        look_for_processes(host, parameters, read_pid_file(host, parameters.pidfile.path), known);
    const auto now = host.clock.now();
    if (living && living->is_empty()) {
      return living;
    }
    if (now >= deadline) {
      return living && !signalled ? tl::unexpected(signalled.error()) : living;
    }
    const bool grace_is_over = now >= kill_at;
    const auto next_round = now + until_next_round;
    const auto latest = grace_is_over ? deadline : std::min(kill_at, deadline);
    until_next_round = std::min<host::Duration>(until_next_round * 2, 1s);
    if (!living) {
      host.clock.sleep_until(std::min(next_round, latest));
      continue;
    }
    const auto receivers = receivers_among(living->mine);
    signalled = grace_is_over ? killing.kill(receivers) : ask(host, receivers);
    known = ids_of(living->mine);
    // The next round finds the survivors.
    const auto waited_for = living->mine.empty() ? ids_of(living->unknown) : known;
    [[maybe_unused]] const auto survivors =
        host.processes.wait_until_gone(waited_for, std::min(next_round, latest));
  }
}

}  // namespace kamailio
