#include "agent/host/clock.h"
#include "agent/host/file_system.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/tool_output.h"
#include "agent/sip/message.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kamailio {
namespace {

Check not_alive(std::string text) {
  return {.finding = Check::Finding::not_alive, .text = std::move(text)};
}

Check check_of(const host::Error& error) {
  const auto code = code_for(error.kind, ocf::ExitCode::not_installed);
  return {.finding = code == ocf::ExitCode::not_installed   ? Check::Finding::not_installed
                     : code == ocf::ExitCode::not_permitted ? Check::Finding::not_permitted
                                                            : Check::Finding::not_alive,
          .text = error.text};
}

// The result of a tool that did not exit by itself.
Check without_answer(const std::string& check, const host::ProcessResult& result,
                     const std::string& waited) {
  if (const auto* const not_started = std::get_if<host::NotStarted>(&result)) {
    return check_of({.kind = not_started->error.kind,
                     .text = say<Reason::program_not_started>(not_started->error.text)});
  }
  if (std::holds_alternative<host::TimedOut>(result)) {
    return not_alive(say<Reason::tool_silent>(check, waited));
  }
  if (const auto* const signaled = std::get_if<host::Signaled>(&result)) {
    return not_alive(say<Reason::tool_killed>(check, signaled->signal));
  }
  return not_alive(say<Reason::tool_abandoned>(check));
}

// The status in a response line that sipsak printed.
std::optional<int> status_in(std::string_view line) {
  constexpr std::size_t code_begin = 8;  // behind "SIP/2.0 "
  const auto status = line.size() > code_begin
                          ? sip::number(line.substr(code_begin, 3), sip::highest_status)
                          : std::nullopt;
  return status ? std::optional(static_cast<int>(*status)) : std::nullopt;
}

// The final response that sipsak got; empty if there was none. sipsak(1): exit code 0 for a 2xx
// reply, 1 for another, both on standard output. Exit codes 2 and 3 mean no reply, or a 401 or 407,
// which sipsak cannot handle and then prints on standard error (measured, 0.9.8.1).
std::string final_reply(const host::Exited& exited) {
  if (exited.code == 0 || exited.code == 1) {
    return last_line_starting("SIP/2.0 ", exited.output.out);
  }
  auto challenge = last_line_starting("SIP/2.0 ", exited.output.err);
  const int status = status_in(challenge).value_or(0);
  return status == 401 || status == 407 ? std::move(challenge) : std::string();
}

Check read_sipsak(const Parameters& parameters, std::string_view transport,
                  const host::ProcessResult& result, const std::string& waited) {
  const auto& accepted = parameters.probe_accept;
  const auto check = "OPTIONS " + parameters.probe_uri + " over " + std::string(transport);
  const auto* const exited = std::get_if<host::Exited>(&result);
  if (exited == nullptr) {
    return without_answer(check, result, waited);
  }
  std::string seen = final_reply(*exited);
  if (accepted.contain(status_in(seen).value_or(exited->code == 0 ? 200 : 0))) {
    return {.text = check + ": " + (seen.empty() ? "sipsak exit code 0" : seen)};
  }
  const bool is_answer = !seen.empty();
  if (seen.empty()) {
    seen = last_line_starting("SIP/2.0 ", exited->output.out);
  }
  if (seen.empty()) {
    seen = first_line(exited->output.err);
  }
  if (is_answer) {
    return {.finding = Check::Finding::wrong_answer,
            .text = rejection(parameters.probe_uri, std::string(transport), accepted,
                              status_in(seen).value_or(0), seen)};
  }
  return not_alive(say<Reason::sipsak_unanswered>(
      parameters.probe_uri, transport, accepted.text,
      seen.empty() ? std::string("none") : "\"" + seen + "\"", exited->code));
}

// The line is "up_since: Mon Nov 23 ..." in Kamailio 5.x, "Up since" in older ones. The exit code
// is not reliable.
Check read_kamctl(const std::string& kamctl, const host::ProcessResult& result,
                  const std::string& waited) {
  const auto check = kamctl + " monitor 1";
  const auto* const exited = std::get_if<host::Exited>(&result);
  if (exited == nullptr) {
    return without_answer(check, result, waited);
  }
  if (const auto line = first_line_with("since", exited->output.out); !line.empty()) {
    return {.text = check + ": " + line};
  }
  std::string seen = first_error_line(exited->output.err + exited->output.out);
  if (seen.empty()) {
    seen = "exit code " + std::to_string(exited->code);
  }
  return not_alive(say<Reason::kamctl_rejected>(kamctl, seen));
}

PlannedTool plan_sipsak(const std::string& sipsak, const Parameters& parameters,
                        Transport transport) {
  const std::string transport_name(name_of(transport));
  // -H: without it sipsak fails if the node's name does not resolve. -v: prints the reply.
  std::vector<std::string> arguments = {sipsak, "-v",        "-s",          parameters.probe_uri,
                                        "-H",   "localhost", "--transport", transport_name};
  // sipsak follows redirects unless they count as a reply.
  if (parameters.probe_accept.overlap(300, 399)) {
    arguments.emplace_back("--ignore-redirects");
  }
  return {.command = {.arguments = std::move(arguments)},
          .read = [&parameters, transport_name](const auto& result, const auto& waited) {
            return read_sipsak(parameters, transport_name, result, waited);
          }};
}

PlannedTool plan_kamctl(const std::string& kamctl) {
  return {.command = {.arguments = {kamctl, "monitor", "1"},
                      .reply_fifo_prefix = "/tmp/kamailio_receiver_"},
          .read = [kamctl](const auto& result, const auto& waited) {
            return read_kamctl(kamctl, result, waited);
          }};
}

}  // namespace

ToolChecks::ToolChecks(const host::Host& host, const Parameters& parameters) : host_(host) {
  if (!parameters.kamctlrc.empty()) {
    const auto kamctl = find_program(host, parameters.kamctl);
    const auto kamctlrc = host.files.status(parameters.kamctlrc);
    if (!kamctl) {
      unusable_.push_back(check_of(kamctl.error()));
    } else if (!kamctlrc) {
      unusable_.push_back(
          check_of({.kind = kamctlrc.error().kind,
                    .text = say<Reason::kamctlrc_not_readable>(kamctlrc.error().text)}));
    } else {
      planned_.push_back(plan_kamctl(*kamctl));
    }
  }
  if (parameters.probe != Probe::sipsak) {
    return;
  }
  if (const auto sipsak = find_program(host, parameters.sipsak); !sipsak) {
    unusable_.push_back(check_of(sipsak.error()));
  } else {
    for (const auto transport : parameters.proto.transports) {
      planned_.push_back(plan_sipsak(*sipsak, parameters, transport));
    }
  }
}

std::vector<Check> ToolChecks::run(const host::ProcessId& main, host::TimePoint deadline) const {
  if (planned_.empty()) {
    return {};
  }
  const auto waited = host::in_seconds(deadline - host_.clock.now());
  std::vector<host::Command> commands;
  for (const auto& check : planned_) {
    commands.push_back(check.command);
    commands.back().deadline = deadline;
  }
  std::vector<Check> checks;
  const auto results = host_.runner.run(commands, main);
  for (std::size_t i = 0; i < results.size(); ++i) {
    checks.push_back(planned_[i].read(results[i], waited));
  }
  return checks;
}

}  // namespace kamailio
