#pragma once

#include "agent/host/clock.h"

#include <chrono>
#include <optional>

namespace kamailio {

// When an action has to do what. At the operation's timeout the cluster kills the agent with
// SIGKILL, and a killed agent tells nobody anything, so everything here ends before that.

using Milliseconds = std::chrono::milliseconds;

// How long an action may take that has the timeout T: T less a tenth, of which at least 200 ms and
// at most 2 s, but never less than three quarters of T.
[[nodiscard]] Milliseconds usable_time(Milliseconds timeout);

// How long a monitor waits for answers: `probe_timeout` if given, but never beyond usable_time(T);
// else T/2. Under the suggested 30 s that is six OPTIONS requests without an answer, which no
// healthy server leaves, and it leaves room to report.
[[nodiscard]] Milliseconds check_time(Milliseconds timeout,
                                      std::optional<Milliseconds> probe_timeout);

struct StopSchedule {
  Milliseconds grace;  // from the begin to SIGKILL
  Milliseconds total;  // from the begin to the report

  friend bool operator==(const StopSchedule&, const StopSchedule&) = default;
};

// The grace is `stop_grace` if given, else max(T/2, T - 7 s), else (no timeout) 20 s. With a
// timeout it is at most three quarters of the total, or all but 3 s of that if this is more, so
// that SIGKILL has time to work. The total is usable_time(T), but never less than three quarters of
// T.
[[nodiscard]] StopSchedule stop_schedule(std::optional<Milliseconds> timeout,
                                         std::optional<Milliseconds> stop_grace);

}  // namespace kamailio
