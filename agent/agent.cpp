#include "agent/agent.h"

#include "agent/kamailio/actions.h"
#include "agent/kamailio/parameters.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/schedule.h"
#include "agent/kamailio/spec.h"
#include "agent/kamailio/watch.h"
#include "agent/ocf/metadata.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <string_view>

namespace {

using kamailio::fail;
using kamailio::Reason;
using Action = ocf::Outcome (*)(const kamailio::Context&);

struct ActionEntry {
  std::string_view name;
  Action action;
};

ocf::Outcome do_nothing(const kamailio::Context& /*context*/) { return {}; }

constexpr std::array<ActionEntry, 7> actions = {{
    {"start", kamailio::start},
    {"stop", kamailio::stop},
    {"monitor", kamailio::monitor},
    {"status", kamailio::monitor},
    {"validate-all", kamailio::validate_all},
    {"reload-agent", kamailio::reload_agent},
    {"notify", do_nothing},
}};

std::string usage() {
  std::string names;
  for (const auto& action : kamailio::agent_spec().actions) {
    if (action.depth == "20") {
      continue;  // the same action once more
    }
    names += (names.empty() ? "" : "|") + action.name;
  }
  return "usage: kamailio " + names +
         "\nOCF resource agent; reads its parameters from the environment (OCF_RESKEY_*).\n";
}

std::chrono::milliseconds suggested_timeout(std::string_view action) {
  const auto& known = kamailio::agent_spec().actions;
  const auto found = std::ranges::find(known, action, &ocf::ActionSpec::name);
  assert(found != known.end());  // a test covers every action
  return kamailio::parse_duration(found->timeout).value();
}

ocf::Outcome refusal(const ocf::RequestError& error) {
  using Kind = ocf::RequestError::Kind;
  switch (error.kind) {
    case Kind::other_ocf_version:
      return fail<Reason::other_ocf_version>(error.value);
    case Kind::no_resource_name:
      return fail<Reason::resource_without_name>();
    case Kind::bad_resource_name:
      return fail<Reason::resource_name_bad>(error.value);
    case Kind::bad_check_level:
      return fail<Reason::check_level_bad>(error.value);
  }
  return {};
}

ocf::Outcome run(Action action, const host::Host& host, const ocf::Request& request) {
  if (!request.errors.empty()) {
    return refusal(request.errors.front());
  }
  const auto parsed = kamailio::parse_parameters(request);
  return action({.host = host,
                 .request = request,
                 .parameters = parsed.values,
                 .errors = parsed.errors,
                 .begin = host.clock.now(),
                 .timeout = request.timeout.value_or(suggested_timeout(request.action))});
}

}  // namespace

Answer answer(const host::Host& host, const ocf::Request& request) {
  if (request.action == "meta-data") {
    return {.outcome = {}, .out = ocf::metadata_xml(kamailio::agent_spec())};
  }
  if (request.action == "usage" || request.action == "help") {
    return {.outcome = {}, .out = usage()};
  }
  if (request.action == "--version") {
    const auto& spec = kamailio::agent_spec();
    return {.outcome = {}, .out = "ocf:sip:" + spec.name + " " + spec.version + "\n"};
  }
  if (request.action.empty()) {
    return {.outcome = fail<Reason::no_action>(), .out = usage()};
  }
  const auto* const entry = std::ranges::find(actions, request.action, &ActionEntry::name);
  if (entry == actions.end()) {
    return {.outcome = fail<Reason::action_not_supported>(request.action), .out = usage()};
  }
  return {.outcome = run(entry->action, host, request)};
}

std::optional<std::chrono::milliseconds> longest_time(const ocf::Request& request) {
  const auto* const entry = std::ranges::find(actions, request.action, &ActionEntry::name);
  const bool is_idle = entry == actions.end() || entry->action == do_nothing;
  if (is_idle || (!request.timeout && request.action == "stop")) {
    return std::nullopt;
  }
  const auto timeout = request.timeout.value_or(suggested_timeout(request.action));
  const auto usable = kamailio::usable_time(timeout);
  return usable + (timeout - usable) / 2;
}

bool may_wait(const ocf::Request& request) {
  return kamailio::may_watch(request) && request.parameters.contains("watch");
}

void report(const ocf::Outcome& outcome, ocf::Recurrence recurrence, host::Log& log) {
  if (outcome.code == ocf::ExitCode::success) {
    return;
  }
  auto level = host::Level::error;
  if (outcome.code == ocf::ExitCode::not_running) {
    level = host::Level::info;  // the expected result of a probe
  } else if (outcome.code == ocf::ExitCode::degraded) {
    // The cluster shows the reason anyway.
    level = recurrence == ocf::Recurrence::recurring ? host::Level::debug : host::Level::warning;
  }
  log.exit_reason(level, outcome.reason);
}
