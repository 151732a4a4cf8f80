#include "agent/host/clock.h"
#include "agent/host/log.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/actions.h"
#include "agent/kamailio/census.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/instance.h"
#include "agent/kamailio/node.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/refusal.h"
#include "agent/kamailio/schedule.h"
#include "agent/kamailio/trusted_users.h"
#include "agent/kamailio/watch.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kamailio {
namespace {

// Whether a process is a server that was started with these parameters, whatever its PID file: pcs
// validates under another resource name. Any user can start a process with the same command line;
// see census.h.
class StartedSo {
 public:
  StartedSo(const host::Host& host, const Parameters& parameters, const std::string& binary)
      : command_(daemon_command(binary, with_group(host, parameters))),
        trusted_(host, parameters) {}

  [[nodiscard]] bool operator()(const host::Process& process) {
    constexpr std::size_t pid_file = 2;  // behind the binary and -P
    auto arguments = process.arguments;
    if (arguments.size() != command_.size() || process.pid_namespace != host::PidNamespace::own ||
        trusted_(process.users) != Trust::yes) {
      return false;
    }
    arguments[pid_file] = command_[pid_file];
    return arguments == command_;
  }

 private:
  std::vector<std::string> command_;
  TrustedUsers trusted_;
};

// The main process of the server with these parameters, if it runs here.
std::optional<host::Process> running_server(const host::Host& host, const Parameters& parameters,
                                            const std::string& binary) {
  auto processes =
      host.processes.list({.argument = parameters.conffile, .programs = program_names(parameters)});
  if (!processes) {
    return std::nullopt;
  }
  StartedSo is_started_so(host, parameters, binary);
  std::erase_if(*processes, [&](const auto& process) { return !is_started_so(process); });
  return main_process_among(*processes);
}

// Runs the health check on the server that runs here: a value that is wrong for it would make each
// monitor fail. No reply in the little time that is left proves nothing about the values.
std::optional<ocf::Outcome> try_check(const Context& context, const std::string& binary) {
  using namespace std::chrono_literals;
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  const auto deadline = begin + usable_time(timeout) - 500ms;
  const auto server = running_server(host, parameters, binary);
  if (!server || host.clock.now() + 500ms > deadline) {
    return std::nullopt;
  }
  const auto time = std::min<host::TimePoint>(
      deadline, host.clock.now() + check_time(timeout, parameters.probe_timeout));
  const auto findings = run_checks(host, parameters, server->id, Depth::in_depth, time, deadline);
  std::string reason;
  for (const auto& check : findings.checks) {
    if (check.finding != Check::Finding::alive && check.finding != Check::Finding::not_alive) {
      add_reason(reason, check.text);
    }
  }
  if (findings.vitals) {
    add_reason(reason, findings.vitals->foreign);
  }
  return reason.empty() ? std::nullopt
                        : std::optional(fail<Reason::check_does_not_pass>(reason, server->id.pid));
}

}  // namespace

ocf::Outcome validate_all(const Context& context) {
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  if (auto refused = refusal(errors)) {
    return *refused;
  }
  if (request.check_level == ocf::CheckLevel::lightest) {
    return {};
  }
  const auto binary = inspect_node(host, parameters);
  if (!binary) {
    return binary.error();
  }
  warn_of_exposed_files(host, parameters);
  warn_of_own_service(host);
  if (auto refused =
          refused_configuration(host, parameters, *binary, begin + usable_time(timeout))) {
    return *refused;
  }
  return try_check(context, *binary).value_or(ocf::Outcome{});
}

ocf::Outcome reload_agent(const Context& context) {
  if (auto refused = refusal_of_lasting(context.errors)) {
    return *refused;
  }
  forget_watch(context);  // also if it is no longer set
  // A failure would restart the server. The next monitor reports the invalid values.
  if (const auto wrong = text_of_reloadable(context.errors); !wrong.empty()) {
    context.host.log.write(host::Level::warning, wrong);
  }
  return {};
}

}  // namespace kamailio
