#include "agent/kamailio/refusal.h"

#include "agent/host/network.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/census.h"
#include "agent/kamailio/complaints.h"
#include "agent/kamailio/launch.h"
#include "agent/kamailio/node.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/reasons.h"

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

constexpr std::string_view kamailio_name = "kamailio";

// The output of a program, however it ended.
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

// The process with this pid. For a process of Kamailio, its main process instead of the child that
// happened to be found.
host::Result<host::Process> holder_of(const host::Host& host, int pid) {
  auto process = host.processes.find(pid);
  auto parent = process && process->name == kamailio_name ? host.processes.find(process->parent)
                                                          : tl::unexpected(host::Error{});
  return parent && parent->name == kamailio_name ? parent : process;
}

// Kamailio does not print the port for UDP. It is known for the addresses that the agent passes.
std::optional<std::uint16_t> port_of(const Cause& cause, const Parameters& parameters) {
  const bool is_given =
      parameters.proto.listeners == Proto::Listeners::from_parameters &&
      (cause.address == "127.0.0.1" ||
       (parameters.listen_address && parameters.listen_address->is(cause.address)));
  return cause.port || !is_given ? cause.port : std::optional(parameters.port);
}

// Describes who uses the port, as far as that can be found out.
std::string tell_holder(const host::Host& host, const Parameters& parameters, const Cause& cause) {
  const bool is_tcp = cause.transport == Transport::tcp;
  const std::string transport = is_tcp ? "TCP" : "UDP";
  const auto port = port_of(cause, parameters);
  if (!port) {
    return say<Reason::port_in_use>(transport, cause.address);
  }
  const auto place = cause.address + ":" + std::to_string(*port);
  const auto holders =
      host.network.holders(is_tcp ? host::Endpoint::Kind::tcp : host::Endpoint::Kind::udp, *port);
  if (holders && !holders->empty()) {
    const auto& holder = holders->front();
    const auto process = holder_of(host, holder.pid);
    if (!process) {
      return say<Reason::port_in_use_by_process>(transport, place, "a process", holder.user);
    }
    const bool is_kamailio = process->name == kamailio_name;
    // In another program the value of -P may be a password.
    const auto pid_files = is_kamailio ? pid_files_named_by(*process) : std::vector<std::string>();
    const auto described = "process " + std::to_string(process->id.pid) + " (" + process->name +
                           (pid_files.empty() ? "" : " -P " + pid_files.back()) + ")";
    return is_kamailio
               ? say<Reason::port_in_use_by_kamailio>(transport, place, described, holder.user)
               : say<Reason::port_in_use_by_process>(transport, place, described, holder.user);
  }
  const bool may_be_its_own =
      holders && is_tcp && parameters.proto.listeners == Proto::Listeners::from_parameters;
  return may_be_its_own ? say<Reason::port_in_use_by_itself>(transport, place)
                        : say<Reason::port_in_use>(transport, place);
}

// The cause, in the agent's words if it knows more than Kamailio.
std::string tell(const host::Host& host, const Parameters& parameters, const Cause& cause) {
  switch (cause.kind) {
    case Cause::Kind::address_missing:
      return parameters.proto.listeners == Proto::Listeners::from_parameters &&
                     parameters.listen_address && parameters.listen_address->is(cause.address)
                 ? say<Reason::listen_address_missing>(cause.address)
                 : say<Reason::listen_missing>(cause.address);
    case Cause::Kind::port_in_use:
      return tell_holder(host, parameters, cause);
    case Cause::Kind::tcp_disabled:
      return say<Reason::tcp_disabled>();
    case Cause::Kind::none:
    case Cause::Kind::unmarked:
    case Cause::Kind::other:
    case Cause::Kind::command_line:
      break;
  }
  return cause.text;
}

// The administrator sees the beginning first: the cause, then what failed, then the evidence.
Outcome with_cause(const std::string& cause, const Outcome& failure, const std::string& evidence) {
  auto reason = cause;
  add_reason(reason, failure.reason);
  if (cause.empty() && evidence.empty()) {
    add_reason(reason, say<Reason::no_words>());
  }
  const std::string_view more =
      std::string_view(evidence).substr(evidence.starts_with(cause + "; ") ? cause.size() + 2 : 0);
  if (!more.empty() && more != cause) {
    reason += ": " + std::string(more);
  }
  return {.code = failure.code, .reason = std::move(reason)};
}

bool does_not_fork(const host::ProcessResult& result) {
  return words_of(result).find(no_fork_mode) != std::string::npos;
}

Outcome refused_to_fork(const Parameters& parameters) {
  return fail<Reason::does_not_fork>(parameters.conffile);
}

Outcome judge(const host::ProcessResult& result, const Parameters& parameters,
              const std::string& binary) {
  if (const auto* const signaled = std::get_if<host::Signaled>(&result)) {
    return fail<Reason::launch_killed>(binary, signaled->signal);
  }
  if (std::holds_alternative<host::TimedOut>(result)) {
    return fail<Reason::launch_too_slow>(binary);
  }
  const auto* const exited = std::get_if<host::Exited>(&result);
  if (exited != nullptr && exited->code != 0) {
    return fail<Reason::launch_refused>(binary, exited->code);
  }
  return fail<Reason::launch_ended>(binary, parameters.pidfile.path);
}

// Runs Kamailio in the foreground without the calls that would make it a server.
host::ProcessResult rehearse(const host::Host& host, const Parameters& parameters,
                             const std::string& binary, host::Denied denied,
                             host::TimePoint deadline) {
  constexpr std::chrono::seconds long_enough(5);
  host::Command foreground{.arguments = daemon_command(binary, parameters),
                           .deadline = std::min(deadline, host.clock.now() + long_enough),
                           .denied = denied,
                           .ignored_lines = std::string(debug_lines)};
  // Without -P PIDFILE, so that it is not recognised as the instance and does not touch its PID
  // file.
  foreground.arguments.erase(foreground.arguments.begin() + 1, foreground.arguments.begin() + 3);
  foreground.arguments.insert(foreground.arguments.end(), {"-DD", "-E"});
  return host.runner.run({&foreground, 1}, std::nullopt).front();
}

}  // namespace

std::optional<Outcome> refused_configuration(const host::Host& host, const Parameters& parameters,
                                             const std::string& binary, host::TimePoint deadline) {
  const host::Command check{.arguments = config_check_command(binary, parameters),
                            .deadline = deadline,
                            .ignored_lines = std::string(debug_lines)};
  const auto result = host.runner.run({&check, 1}, std::nullopt).front();
  if (const auto* const exited = std::get_if<host::Exited>(&result)) {
    if (does_not_fork(result)) {
      return refused_to_fork(parameters);
    }
    if (exited->code == 0) {
      return std::nullopt;
    }
    const auto words = words_of(result);
    const auto cause = cause_in(words, parameters.conffile);
    const auto options = in_one_line(parameters.extra_options);
    auto refused =
        cause.kind == Cause::Kind::command_line && !options.empty()
            ? fail<Reason::extra_options_refused>(options, binary, exited->code)
            : fail<Reason::configuration_refused>(
                  parameters.conffile, binary, options.empty() ? "" : " " + options, exited->code);
    if (blames_passing_condition(words)) {
      refused.code = ExitCode::generic_error;
    }
    return with_cause(cause.text, refused, complaints_in(words, parameters.conffile));
  }
  if (const auto* const not_started = std::get_if<host::NotStarted>(&result)) {
    return fail_by<Reason::program_not_started>(not_started->error);
  }
  return fail<Reason::configuration_not_checked>(parameters.conffile, binary);
}

std::optional<Outcome> explain(const host::Host& host, const Parameters& parameters,
                               const std::string& binary, const FailedLaunch& launch,
                               host::TimePoint deadline) {
  const auto& result = launch.result;
  if (const auto* const not_started = std::get_if<host::NotStarted>(&result)) {
    return fail_by<Reason::program_not_started>(not_started->error);
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
  const auto has_cause = [&] {
    const auto kind = cause_in(words, parameters.conffile).kind;
    return kind != Cause::Kind::none && kind != Cause::Kind::unmarked;
  };
  const auto ask_again = [&](host::Denied denied) {
    const auto rehearsal = rehearse(host, parameters, binary, denied, deadline);
    if (auto more = words_of(rehearsal); more.find_first_not_of('\n') != std::string::npos) {
      words = std::move(more);
    }
    return std::holds_alternative<host::TimedOut>(rehearsal);
  };
  bool hangs = false;
  if (!has_cause()) {
    hangs = ask_again(host::Denied::children);
  }
  if (!has_cause() && !hangs) {
    if (!launch.is_last) {
      return std::nullopt;
    }
    (void)ask_again(host::Denied::addresses);
  }
  return with_cause(tell(host, parameters, cause_in(words, parameters.conffile)),
                    judge(result, parameters, binary), complaints_in(words, parameters.conffile));
}

}  // namespace kamailio
