#include "agent/host/log.h"
#include "agent/kamailio/actions.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/observe.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/schedule.h"
#include "agent/kamailio/verdict.h"
#include "agent/kamailio/watch.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace kamailio {
namespace {

Depth depth_of(ocf::CheckLevel level) {
  return level == ocf::CheckLevel::deepest ? Depth::in_depth : Depth::health;
}

// A probe finds that nothing runs, as expected. If the instance could not run on this node, a log
// line tells the administrator before it has to. Checks only programs: looking up accounts takes
// time, the configuration may be on storage that is elsewhere now, and nothing may delay the result
// of a probe.
void warn_if_it_could_not_run(const host::Host& host, const Parameters& parameters) {
  if (const auto binary = find_program(host, parameters.binary); !binary) {
    host.log.write(host::Level::warning,
                   "the instance could not run on this node: " + binary.error().text);
  }
}

// How long a look of a waiting monitor may take beyond its checks. The operation's timeout is long
// then, and must not be how long a server may take to end.
constexpr std::chrono::seconds longest_settling(2);

// Looks once, with these checks. All of it ends by `patience`.
Look look(const Context& context, Depth depth, host::TimePoint patience) {
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  const bool processes_only = request.check_level == ocf::CheckLevel::lightest;
  const auto deadline = std::min<host::TimePoint>(
      patience, host.clock.now() + check_time(timeout, parameters.probe_timeout));
  const auto evidence = processes_only ? look_at_processes(host, parameters, patience)
                                       : observe(host, parameters, depth, deadline, patience);
  if (!evidence) {
    // Not 7, since the state is unknown.
    return {.outcome = fail<Reason::processes_not_visible>(evidence.error().text)};
  }
  // A recurring monitor runs thousands of times: these lines would only fill the log. A monitor by
  // hand prints them.
  const bool is_recurring = request.recurrence() == ocf::Recurrence::recurring;
  const auto level = is_recurring ? host::Level::debug : host::Level::info;
  for (const auto& check : evidence->checks) {
    if (check.finding == Check::Finding::alive && !check.text.empty()) {
      host.log.write(level, check.text);
    }
  }
  if (evidence->vitals) {
    host.log.write(level, describe(evidence->vitals->uptime));
  }
  auto [outcome, warnings, lost_pid_file] = assess(*evidence, parameters);
  // A waiting monitor logs them with its first and last look.
  const auto level_of_warnings =
      depth == Depth::own_checks ? host::Level::debug : host::Level::warning;
  for (const auto& warning : warnings) {
    host.log.write(level_of_warnings, warning);
  }
  if (!lost_pid_file.empty()) {
    if (is_recurring) {
      outcome = degrade(std::move(outcome), lost_pid_file);  // without a log line each time
    } else {
      host.log.write(host::Level::warning, lost_pid_file);
    }
  }
  if (outcome.code == ocf::ExitCode::not_running) {
    if (!is_recurring && !processes_only) {
      warn_if_it_could_not_run(host, parameters);
    }
    return {.outcome = std::move(outcome)};
  }
  if (!processes_only) {
    for (const auto& wrong : {text_of_reloadable(errors), watch_problem(context)}) {
      outcome = wrong.empty() ? std::move(outcome) : degrade(std::move(outcome), wrong);
    }
  }
  return {.outcome = std::move(outcome),
          .main = evidence->main ? std::optional(evidence->main->id) : std::nullopt,
          .processes = evidence->processes.size() + evidence->unknown.size()};
}

}  // namespace

ocf::Outcome monitor(const Context& context) {
  const auto& request = context.request;
  const bool processes_only = request.check_level == ocf::CheckLevel::lightest;
  if (auto refused = refusal(context.errors,
                             processes_only ? identity_parameters() : monitoring_parameters())) {
    return *refused;
  }
  const auto patience = context.begin + usable_time(context.timeout);
  if (has_to_watch(context)) {
    return watch(context, [&](Depth depth) {
      const auto longest =
          check_time(context.timeout, context.parameters.probe_timeout) + longest_settling;
      return look(context, depth,
                  std::min<host::TimePoint>(patience, context.host.clock.now() + longest));
    });
  }
  if (context.parameters.watch && request.recurrence() == ocf::Recurrence::once) {
    forget_watch(context);
  }
  return look(context, depth_of(request.check_level), patience).outcome;
}

}  // namespace kamailio
