#include "agent/kamailio/launch.h"

#include "agent/host/log.h"
#include "agent/host/process_runner.h"
#include "agent/kamailio/instance.h"
#include "agent/kamailio/node.h"
#include "agent/kamailio/pid_file.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/tool_output.h"
#include "agent/kamailio/trusted_users.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>
#include <vector>

namespace kamailio {
namespace {

using ocf::Outcome;

std::optional<Outcome> clear_the_way(const host::Host& host, const Parameters& parameters) {
  // Kamailio would refuse to start beside it, and removing the file would only hide the mistake.
  if (const auto stranger = stranger_in_pid_file(host, parameters)) {
    return fail<Reason::pid_file_in_use>(parameters.pidfile.path, stranger->id.pid,
                                         stranger->arguments.front(),
                                         parameters.binary.places.front());
  }
  // The directory comes first: until root owns it, another file can replace the removed one.
  auto done = prepare_pid_directory(host, parameters.pidfile);
  if (done) {
    done = remove_pid_file(host, parameters.pidfile);
  }
  if (!done) {
    return fail_by<Reason::pid_directory_not_ready>(done.error());
  }
  return std::nullopt;
}

}  // namespace

std::optional<host::Process> stranger_in_pid_file(const host::Host& host,
                                                  const Parameters& parameters) {
  const auto pid_file = read_pid_file(host, parameters.pidfile.path);
  if (pid_file.state != PidFile::State::names_a_process) {
    return std::nullopt;
  }
  auto process = host.processes.find(pid_file.pid);
  if (!process || process->state == host::ProcessState::zombie ||
      !has_pid_file_option(*process, parameters) ||
      TrustedUsers(host, parameters)(process->users) != Trust::yes ||
      process_named_by(host, parameters, pid_file)) {
    return std::nullopt;  // gone, or its pid belongs to something else by now
  }
  return *std::move(process);
}

tl::expected<host::ProcessResult, Outcome> launch(const host::Host& host,
                                                  const Parameters& parameters,
                                                  const std::string& binary,
                                                  host::TimePoint deadline) {
  if (auto obstacle = clear_the_way(host, parameters)) {
    return tl::unexpected(*std::move(obstacle));
  }
  const host::Command command{.arguments = daemon_command(binary, parameters),
                              .deadline = deadline,
                              .hopeless_words = std::string(no_fork_mode),
                              .ignored_lines = std::string(debug_lines)};
  host.log.write(host::Level::info, "starting " + in_one_line(command.arguments));
  return host.runner.launch(command);
}

std::string in_one_line(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) {
    line += (line.empty() ? "" : " ") + word;
  }
  return line;
}

}  // namespace kamailio
