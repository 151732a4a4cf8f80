#include "agent/kamailio/refusal.h"

#include "agent/host/network.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/complaints.h"
#include "agent/kamailio/launch.h"
#include "agent/kamailio/node.h"
#include "agent/kamailio/program.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kamailio {
namespace {

using ocf::ExitCode;
using ocf::Outcome;

constexpr std::string_view busy_port = " (Address already in use)";

// All that a program has said, whatever became of it.
std::string words_of(const host::ProcessResult& result) {
  return std::visit(
      [](const auto& ended) -> std::string {
        if constexpr (requires { ended.output; }) {
          return ended.output.err + "\n" + ended.output.out;
        } else {
          return {};
        }
      },
      result);
}

// "TCP 127.0.0.1:5060" has one, "UDP 127.0.0.1" has not.
std::uint16_t port_in(std::string_view place, std::uint16_t usual) {
  const auto port = ocf::parse_number(place.substr(place.rfind(':') + 1));
  return port && place.starts_with("TCP") ? static_cast<std::uint16_t>(*port) : usual;
}

// Its first line is what a human reads at night: the cause, then what failed, then the evidence.
std::string reason(const std::string& cause, const std::string& failure, const std::string& words) {
  const auto evidence = complaints_in(words);
  const bool says_more = !evidence.empty() && evidence != cause;
  return (cause.empty() ? "" : cause + "; ") + failure +
         (says_more       ? ": " + evidence
          : cause.empty() ? ": it did not say why; see its log"
                          : "");
}

// Behind the cause that a port is in use: by whom.
std::string with_holder(const host::Host& host, const Parameters& parameters, std::string cause) {
  const auto end = cause.find(busy_port);
  if (end == std::string::npos) {
    return cause;
  }
  const auto kind =
      cause.starts_with("TCP") ? host::Endpoint::Kind::tcp : host::Endpoint::Kind::udp;
  const auto holders = host.network.holders(kind, port_in(cause.substr(0, end), parameters.port));
  const bool may_be_its_own = kind == host::Endpoint::Kind::tcp &&
                              parameters.proto.listeners == Proto::Listeners::from_parameters;
  if (!holders || (holders->empty() && !may_be_its_own)) {
    return cause;
  }
  cause.resize(end);
  if (holders->empty()) {
    return cause + ", it seems by a listen= of conffile itself: set proto=conf_udptcp";
  }
  const auto& holder = holders->front();
  const auto process = host.processes.find(holder.pid);
  return cause + " by " +
         (process ? "process " + std::to_string(holder.pid) + " (" + process->name + ")"
                  : std::string("a process")) +
         " of uid " + std::to_string(holder.user);
}

bool does_not_fork(const host::ProcessResult& result) {
  return words_of(result).find(no_fork_mode) != std::string::npos;
}

Outcome refused_to_fork(const Parameters& parameters) {
  return {.code = ExitCode::invalid_arguments,
          .reason = "fork=no in conffile=" + parameters.conffile +
                    " (or what it includes): Kamailio has to start as a daemon; remove it"};
}

std::string describe(const host::ProcessResult& result, const Parameters& parameters,
                     const std::string& binary) {
  if (const auto* const signaled = std::get_if<host::Signaled>(&result)) {
    return binary + " was killed by signal " + std::to_string(signaled->signal) +
           " while it started";
  }
  if (std::holds_alternative<host::TimedOut>(result)) {
    return binary + " was still initialising when the time for the start was over";
  }
  const auto* const exited = std::get_if<host::Exited>(&result);
  if (exited != nullptr && exited->code != 0) {
    return binary + " did not start (exit code " + std::to_string(exited->code) + ")";
  }
  return binary + " -P " + parameters.pidfile.path + " started and ended at once";
}

// A start of Kamailio that is denied what makes it a server.
host::ProcessResult rehearse(const host::Host& host, const Parameters& parameters,
                             const std::string& binary, host::Denied denied,
                             host::TimePoint deadline) {
  constexpr std::chrono::seconds long_enough(5);
  host::Command foreground{.arguments = daemon_command(binary, parameters),
                           .deadline = std::min(deadline, host.clock.now() + long_enough),
                           .denied = denied};
  // Without -P PIDFILE: it is not to be taken for the instance, nor to touch its PID file.
  foreground.arguments.erase(foreground.arguments.begin() + 1, foreground.arguments.begin() + 3);
  foreground.arguments.insert(foreground.arguments.end(), {"-DD", "-E"});
  return host.runner.run({&foreground, 1}, std::nullopt).front();
}

}  // namespace

std::optional<Outcome> refused_configuration(const host::Host& host, const Parameters& parameters,
                                             const std::string& binary, host::TimePoint deadline) {
  const host::Command check{.arguments = config_check_command(binary, parameters),
                            .deadline = deadline};
  const auto result = host.runner.run({&check, 1}, std::nullopt).front();
  const auto subject = "conffile=" + parameters.conffile;
  const auto& options = parameters.extra_options;
  if (const auto* const exited = std::get_if<host::Exited>(&result)) {
    if (does_not_fork(result)) {
      return refused_to_fork(parameters);
    }
    if (exited->code == 0) {
      return std::nullopt;
    }
    const auto words = words_of(result);
    const bool may_pass = blames_passing_condition(words);
    return Outcome{.code = may_pass ? ExitCode::generic_error : ExitCode::invalid_arguments,
                   .reason = reason(cause_in(words),
                                    subject + " is refused by " + binary + " -c" +
                                        (options.empty() ? "" : " " + in_one_line(options)) +
                                        " (exit code " + std::to_string(exited->code) + ")",
                                    words)};
  }
  if (const auto* const not_started = std::get_if<host::NotStarted>(&result)) {
    return Outcome{.code = code_for(not_started->error.kind, ExitCode::not_installed),
                   .reason = not_started->error.text};
  }
  return Outcome{.code = ExitCode::generic_error,
                 .reason = subject + ": " + binary +
                           " -c gave no answer; it was killed, or did not end in time"};
}

std::optional<Outcome> explain(const host::Host& host, const Parameters& parameters,
                               const std::string& binary, const FailedLaunch& launch,
                               host::TimePoint deadline) {
  const auto& result = launch.result;
  if (const auto* const not_started = std::get_if<host::NotStarted>(&result)) {
    return Outcome{.code = code_for(not_started->error.kind, ExitCode::not_installed),
                   .reason = not_started->error.text};
  }
  if (does_not_fork(result)) {
    return refused_to_fork(parameters);
  }
  const auto* const exited = std::get_if<host::Exited>(&result);
  if (exited != nullptr && exited->code != 0) {
    if (auto refused = refused_configuration(host, parameters, binary, deadline);
        refused && refused->code == ExitCode::invalid_arguments) {
      return refused;
    }
  }
  auto words = words_of(result);
  const auto ask_again = [&](host::Denied denied) {
    const auto rehearsal = rehearse(host, parameters, binary, denied, deadline);
    words = words_of(rehearsal);
    return std::holds_alternative<host::TimedOut>(rehearsal);
  };
  bool hangs = false;
  if (cause_in(words).empty()) {
    hangs = ask_again(host::Denied::children);
  }
  if (cause_in(words).empty() && !hangs) {
    if (!launch.is_last) {
      return std::nullopt;
    }
    (void)ask_again(host::Denied::addresses);
  }
  return Outcome{.code = ExitCode::generic_error,
                 .reason = reason(with_holder(host, parameters, cause_in(words)),
                                  describe(result, parameters, binary), words)};
}

}  // namespace kamailio
