#include "sim/host/agent_process.h"

#include "agent/ocf/log_settings.h"

#include <utility>

namespace sim {

AgentProcess::AgentProcess(Machine& machine, int parent, Identity identity)
    : machine_(machine), identity_(identity) {
  auto& process =
      machine.processes.add({.parent = parent,
                             .executable = "/usr/lib/ocf/resource.d/sip/kamailio",
                             .arguments = {"/usr/lib/ocf/resource.d/sip/kamailio"},
                             .name = "agent",  // it would be "kamailio", as other names are
                             .identity = identity});
  process.group = process.id.pid;
  id_ = process.id;
}

AgentProcess::~AgentProcess() { exit(0); }

Process& AgentProcess::process() {
  auto* const found = machine_.processes.find(id_);
  if (found == nullptr || found->ended || found->is_exiting) {
    throw AgentEnded();
  }
  return *found;
}

void AgentProcess::change_identity(Identity identity) {
  identity_ = identity;
  process().identity = identity;
}

bool AgentProcess::pass_until(TimePoint deadline, const std::function<bool()>& condition) {
  const auto is_ended = [this] {
    const auto* const found = machine_.processes.find(id_);
    return found == nullptr || found->ended || found->is_exiting;
  };
  const auto may_run = [&] { return machine_.processes.find(id_)->can_run(); };
  machine_.time.pass_until(deadline, [&] { return is_ended() || (may_run() && condition()); });
  // A condition that holds at the deadline counts, except for a stopped process.
  machine_.time.pass_until(TimePoint::max(), [&] { return is_ended() || may_run(); });
  (void)process();
  return condition();
}

void AgentProcess::exit(int code) {
  if (auto* const found = machine_.processes.find(id_)) {
    machine_.processes.end(*found, {.by = WaitStatus::By::exit, .value = code});
  }
}

void SimLog::write(host::Level level, std::string_view text) {
  if (is_jammed_) {
    return;
  }
  auto& machine = agent_.machine();
  std::string line = ocf::one_line(text);
  if (machine.trace.is_on()) {
    machine.trace.write(machine.time.now(), "agent[" + std::to_string(agent_.id().pid) + "]",
                        ocf::level_name(level) + ": " + line);
  }
  lines_.push_back({.at = machine.time.now(), .level = level, .text = std::move(line)});
}

void SimLog::exit_reason(host::Level level, std::string_view text) {
  write(level, text);
  reasons_.push_back(ocf::one_line(text));
}

host::Result<host::User> SimAccounts::find_user(const std::string& name) {
  if (const auto found = agent_.machine().users.find_user(name)) {
    return *found;
  }
  return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                    .text = "user " + name + " is unknown on this node"});
}

host::Result<std::uint32_t> SimAccounts::find_group(const std::string& name) {
  if (const auto found = agent_.machine().users.find_group(name)) {
    return *found;
  }
  return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                    .text = "group " + name + " is unknown on this node"});
}

std::uint32_t SimAccounts::effective_user() const { return agent_.identity().user; }

}  // namespace sim
