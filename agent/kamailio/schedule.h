#pragma once

#include "agent/host/clock.h"

#include <chrono>
#include <optional>

namespace kamailio {

// The deadlines of an action. At the operation's timeout the cluster kills the agent with SIGKILL,
// and a killed agent reports nothing, so every action ends before that.

using Milliseconds = std::chrono::milliseconds;

// How long an action with the timeout T may take: T less a tenth, of which at least 200 ms and at
// most 2 s, but never less than T/2 (which matters below 400 ms).
[[nodiscard]] Milliseconds usable_time(Milliseconds timeout);

// How long monitor waits for replies: `probe_timeout` if it is set, but at most usable_time(T);
// otherwise T/2. With the suggested 30 s, a healthy server replies to at least one of the six
// OPTIONS requests sent in that time, and time is left to report.
[[nodiscard]] Milliseconds check_time(Milliseconds timeout,
                                      std::optional<Milliseconds> probe_timeout);

// How long a monitor may wait for news and still has time for one more check and to report:
// usable_time(T) less check_time(T). Not negative.
[[nodiscard]] Milliseconds longest_watch(Milliseconds timeout,
                                         std::optional<Milliseconds> probe_timeout);

struct StopSchedule {
  Milliseconds grace;  // from the beginning to SIGKILL
  Milliseconds total;  // from the beginning to the report

  friend bool operator==(const StopSchedule&, const StopSchedule&) = default;
};

// The grace is `stop_grace` if it is set, otherwise max(T/2, T - 7 s), or 20 s without a timeout.
// With a timeout it is at most three quarters of the total, or the total less 3 s if that is more,
// so that SIGKILL has time to take effect. The total is the larger of usable_time(T) and three
// quarters of T.
[[nodiscard]] StopSchedule stop_schedule(std::optional<Milliseconds> timeout,
                                         std::optional<Milliseconds> stop_grace);

}  // namespace kamailio
