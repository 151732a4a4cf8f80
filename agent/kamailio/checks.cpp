#include "agent/kamailio/checks.h"

#include "agent/host/file_system.h"
#include "agent/host/process_runner.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/tool_output.h"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kamailio {
namespace {

// A check that is to run: its command, and how to read the result.
struct Planned {
  host::Command command;
  std::function<Check(const host::ProcessResult&)> read;
};

Check not_alive(std::string text) {
  return {.finding = Check::Finding::not_alive, .text = std::move(text)};
}

Check unusable(const host::Error& error) {
  switch (error.kind) {
    case host::ErrorKind::not_found:
      return {.finding = Check::Finding::not_installed, .text = error.text};
    case host::ErrorKind::not_permitted:
      return {.finding = Check::Finding::not_permitted, .text = error.text};
    case host::ErrorKind::not_empty:
    case host::ErrorKind::failed:
      break;
  }
  return not_alive(error.text);
}

// What a tool did instead of giving an answer, in the words that follow its name.
Check without_answer(const std::string& check, const host::ProcessResult& result,
                     const std::string& waited) {
  if (const auto* const not_started = std::get_if<host::NotStarted>(&result)) {
    return unusable(
        {.kind = not_started->error.kind, .text = check + ": " + not_started->error.text});
  }
  if (std::holds_alternative<host::TimedOut>(result)) {
    return not_alive(check + ": no answer within " + waited);
  }
  if (std::holds_alternative<host::Abandoned>(result)) {
    return not_alive(check + ": the main process ended meanwhile");
  }
  if (const auto* const signaled = std::get_if<host::Signaled>(&result)) {
    return not_alive(check + ": the tool was killed by signal " + std::to_string(signaled->signal));
  }
  return not_alive(check + ": no answer");
}

// sipsak(1): 0 for a 2xx reply, 1 for another final one, 2 and 3 if there was none.
Check read_sipsak(const std::string& check, const std::string& waited,
                  const host::ProcessResult& result) {
  const auto* const exited = std::get_if<host::Exited>(&result);
  if (exited == nullptr) {
    return without_answer(check, result, waited);
  }
  if (exited->code == 0) {
    return {};
  }
  std::string seen = last_line_starting("SIP/2.0 ", exited->output.out);
  if (seen.empty()) {
    seen = first_line(exited->output.err);
  }
  return not_alive(check + ": expected a 200 reply, got " +
                   (seen.empty() ? "none" : "\"" + seen + "\"") + " (sipsak exit code " +
                   std::to_string(exited->code) + ")");
}

// "up_since: Mon Nov 23 ..." in Kamailio 5.x, "Up since" in older ones. The exit code says little.
Check read_kamctl(const std::string& check, const std::string& waited,
                  const host::ProcessResult& result) {
  const auto* const exited = std::get_if<host::Exited>(&result);
  if (exited == nullptr) {
    return without_answer(check, result, waited);
  }
  if (has_line_with("since", exited->output.out)) {
    return {};
  }
  std::string seen = first_error_line(exited->output.err + exited->output.out);
  if (seen.empty()) {
    seen = "exit code " + std::to_string(exited->code);
  }
  return not_alive(check + ": expected a line with \"since\", got " + seen);
}

Planned plan_sipsak(const std::string& sipsak, const Parameters& parameters, Transport transport,
                    host::TimePoint deadline, const std::string& waited) {
  const std::string uri =
      "sip:monitor@" + parameters.monitoring_ip.as_host() + ":" + std::to_string(parameters.port);
  const std::string transport_name(name_of(transport));
  // -H: without it sipsak fails where the node's name does not resolve. -v: prints the reply.
  return {.command = {.arguments = {sipsak, "-v", "-s", uri, "-H", "localhost", "--transport",
                                    transport_name},
                      .deadline = deadline},
          .read = [check = "OPTIONS " + uri + " over " + transport_name,
                   waited](const auto& result) { return read_sipsak(check, waited, result); }};
}

Planned plan_kamctl(const std::string& kamctl, host::TimePoint deadline,
                    const std::string& waited) {
  return {.command = {.arguments = {kamctl, "monitor", "1"},
                      .deadline = deadline,
                      .reply_fifo_prefix = "/tmp/kamailio_receiver_"},
          .read = [check = kamctl + " monitor 1", waited](const auto& result) {
            return read_kamctl(check, waited, result);
          }};
}

std::string in_seconds(host::Duration duration) {
  const auto tenths = std::chrono::round<std::chrono::duration<long, std::deci>>(duration).count();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

std::vector<Check> run_checks(const host::Host& host, const Parameters& parameters,
                              const host::ProcessId& main, host::TimePoint deadline) {
  const auto waited = in_seconds(deadline - host.clock.now());
  std::vector<Check> checks;
  std::vector<Planned> planned;
  if (!parameters.kamctlrc.empty()) {
    const auto kamctl = find_program(host, parameters.kamctl);
    const auto kamctlrc = host.files.status(parameters.kamctlrc);
    if (!kamctl) {
      checks.push_back(unusable(kamctl.error()));
    } else if (!kamctlrc) {
      checks.push_back(
          unusable({.kind = kamctlrc.error().kind, .text = "kamctlrc=" + kamctlrc.error().text}));
    } else {
      planned.push_back(plan_kamctl(*kamctl, deadline, waited));
    }
  }
  if (const auto sipsak = find_program(host, parameters.sipsak); !sipsak) {
    checks.push_back(unusable(sipsak.error()));
  } else {
    for (const auto transport : parameters.proto.transports) {
      planned.push_back(plan_sipsak(*sipsak, parameters, transport, deadline, waited));
    }
  }

  std::vector<host::Command> commands;
  for (const auto& check : planned) {
    commands.push_back(check.command);
  }
  const auto results = host.runner.run(commands, main);
  for (std::size_t i = 0; i < results.size(); ++i) {
    checks.push_back(planned[i].read(results[i]));
  }
  return checks;
}

}  // namespace kamailio
