#include "agent/kamailio/schedule.h"

#include <algorithm>

namespace kamailio {

using namespace std::chrono_literals;

Milliseconds usable_time(Milliseconds timeout) {
  return std::max(timeout / 2, timeout - std::clamp<Milliseconds>(timeout / 10, 200ms, 2s));
}

Milliseconds check_time(Milliseconds timeout, std::optional<Milliseconds> probe_timeout) {
  return std::min(probe_timeout.value_or(timeout / 2), usable_time(timeout));
}

Milliseconds longest_watch(Milliseconds timeout, std::optional<Milliseconds> probe_timeout) {
  return usable_time(timeout) - check_time(timeout, probe_timeout);
}

StopSchedule stop_schedule(std::optional<Milliseconds> timeout,
                           std::optional<Milliseconds> stop_grace) {
  if (!timeout) {
    const auto grace = stop_grace.value_or(20s);
    return {.grace = grace, .total = grace + 5s};
  }
  const auto total = std::max(*timeout * 3 / 4, usable_time(*timeout));
  const auto longest = std::max<Milliseconds>(total * 3 / 4, total - 3s);
  const auto wanted = stop_grace.value_or(std::max<Milliseconds>(*timeout / 2, *timeout - 7s));
  return {.grace = std::min(wanted, longest), .total = total};
}

}  // namespace kamailio
