#include "agent/host/log.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/actions.h"
#include "agent/kamailio/instance.h"
#include "agent/kamailio/launch.h"
#include "agent/kamailio/pid_file.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/schedule.h"
#include "agent/kamailio/termination.h"
#include "agent/kamailio/watch.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace kamailio {
namespace {

std::string describe(const host::Process& process) {
  const auto pid = std::to_string(process.id.pid);
  if (process.state == host::ProcessState::uninterruptible) {
    return pid + " (hangs in the kernel, state D)";
  }
  if (process.state == host::ProcessState::exiting) {
    return pid + " (is exiting)";
  }
  // Not even SIGKILL ends it before its tracer releases it.
  const bool is_held = process.state == host::ProcessState::stopped && process.tracer != 0;
  return pid + (is_held ? " (held by its tracer, process " + std::to_string(process.tracer) + ")"
                        : std::string());
}

// Tries again once after a failure, which may have been temporary.
host::Result<void> remove_traces(const host::Host& host, const PidFilePath& pidfile) {
  const auto remove = [&] {
    auto removed = remove_pid_file(host, pidfile);
    return removed ? remove_pid_directory(host, pidfile) : removed;
  };
  auto removed = remove();
  if (!removed) {
    host.clock.sleep_until(host.clock.now() + std::chrono::milliseconds(50));
    removed = remove();
  }
  return removed;
}

}  // namespace

ocf::Outcome stop(const Context& context) {
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  // A start with invalid parameters has failed, and the cluster calls stop after it; a failed stop
  // would cost the node. So stop looks for the instance with the parameters as they are.
  const auto refused = refusal(errors, identity_parameters());
  if (refused) {
    host.log.write(host::Level::warning, refused->reason);
  }
  if (const auto wrong = std::ranges::find(errors, "stop_grace", &ParameterError::name);
      wrong != errors.end()) {
    host.log.write(host::Level::warning, wrong->text + "; the default is used");
  }
  if (parameters.watch) {
    forget_watch(context);
  }
  const auto schedule = stop_schedule(request.timeout, parameters.stop_grace);
  const auto living =
      terminate_instance(host, parameters, begin + schedule.grace, begin + schedule.total);
  if (!living) {
    // It is unknown what runs here, or it cannot be ended, so this is no success: the cluster has
    // to fence.
    return fail_by<Reason::not_ended>(living.error());
  }
  if (!living->mine.empty()) {
    std::string survivors;
    for (const auto& process : living->mine) {
      survivors += (survivors.empty() ? "" : " ") + describe(process);
    }
    return fail<Reason::still_running>(survivors);
  }
  if (!living->unknown.empty()) {
    return is_unknown(living->unknown, parameters);
  }
  for (const auto& impostor : living->impostors) {
    host.log.write(host::Level::warning, describe_impostor(impostor, parameters));
  }
  if (refused || stranger_in_pid_file(host, parameters)) {
    return {};  // another server's PID file stays
  }
  // No process is alive, which is the purpose of stop; a file that cannot be removed is worth a
  // warning.
  if (const auto removed = remove_traces(host, parameters.pidfile); !removed) {
    host.log.write(host::Level::warning, removed.error().text);
  }
  host.log.write(host::Level::info, "stopped");
  return {};
}

}  // namespace kamailio
