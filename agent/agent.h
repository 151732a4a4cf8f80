#pragma once

#include "agent/host/host.h"
#include "agent/host/log.h"
#include "agent/ocf/outcome.h"
#include "agent/ocf/request.h"

#include <chrono>
#include <optional>
#include <string>

// How a run of the agent ended, and what it prints on standard output.
struct Answer {
  ocf::Outcome outcome;
  std::string out = {};
};

// Runs the requested action on the given machine.
[[nodiscard]] Answer answer(const host::Host& host, const ocf::Request& request);

// How long a request may take before the watchdog reports that it hangs: longer than anything the
// action does with a deadline, shorter than the cluster's timeout. Nothing for requests that do not
// use the machine, and for a stop without a timeout, which takes as long as its parameters allow.
[[nodiscard]] std::optional<std::chrono::milliseconds> longest_time(const ocf::Request& request);

// Whether the action may wait for long: a monitor to which the parameter watch applies. Nobody
// reads its result once the caller has ended.
[[nodiscard]] bool may_wait(const ocf::Request& request);

// Reports the exit reason, unless the outcome is a success.
void report(const ocf::Outcome& outcome, ocf::Recurrence recurrence, host::Log& log);
