#pragma once

#include "agent/host/host.h"
#include "agent/host/log.h"
#include "agent/ocf/outcome.h"
#include "agent/ocf/request.h"

#include <chrono>
#include <optional>
#include <string>

// How a run of the agent ended, and what it has to say on standard output.
struct Answer {
  ocf::Outcome outcome;
  std::string out = {};
};

// The agent: does what is asked for, on the given machine.
[[nodiscard]] Answer answer(const host::Host& host, const ocf::Request& request);

// How long a request may take before somebody has to say that it hangs: longer than all that the
// action does with a deadline, shorter than until the cluster kills it. Nothing for requests that
// ask nothing of the machine, and for a stop that nobody kills: it takes as long as its parameters
// say.
[[nodiscard]] std::optional<std::chrono::milliseconds> longest_time(const ocf::Request& request);

// Says why the run ends as it does, if it is no success.
void report(const ocf::Outcome& outcome, ocf::Recurrence recurrence, host::Log& log);
