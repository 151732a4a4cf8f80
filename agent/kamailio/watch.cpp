#include "agent/kamailio/watch.h"

#include "agent/base/number.h"
#include "agent/host/clock.h"
#include "agent/host/file_system.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/schedule.h"
#include "agent/kamailio/verdict.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace kamailio {
namespace {

using namespace std::chrono_literals;

std::string stamp_path(const ocf::Request& request) {
  return request.state_directory + "/kamailio-" + request.instance + ".watch";
}

// The same for two monitors of one chain: everything that affects their results, except the state
// of the server. Each boot has another boot_id (random(4)).
std::string chain_of(const Context& context, const host::ProcessId& main) {
  constexpr std::size_t length_of_uuid = 36;
  const auto boot =
      context.host.files.read("/proc/sys/kernel/random/boot_id", length_of_uuid).value_or("");
  std::string parameters = std::to_string(context.timeout.count());
  for (const auto& [name, value] : context.request.parameters) {
    parameters += '\n' + name + '=' + value;
  }
  return "interval=" + std::to_string(context.request.interval.count()) +
         " parameters=" + std::to_string(std::hash<std::string>()(parameters)) + " boot=" + boot +
         " main=" + std::to_string(main.pid) + "@" + std::to_string(main.start_time);
}

// The text of the stamp, which is removed: a monitor that is killed while it waits leaves none.
std::string take_stamp(const Context& context) {
  constexpr std::size_t ample = 1000;
  auto& files = context.host.files;
  const auto path = stamp_path(context.request);
  // Ignores a stamp that another user can write: it could make the first monitor wait.
  const auto exposure = files.exposure(path);
  auto text = exposure && !*exposure ? files.read(path, ample).value_or("") : "";
  (void)files.remove_file(path);
  return text;
}

std::string stamp_text(const std::string& chain, ocf::ExitCode code, host::TimePoint end) {
  return chain + " code=" + std::to_string(static_cast<int>(code)) +
         " end=" + std::to_string(end.time_since_epoch().count()) + "\n";
}

// Whether the monitor before has left this stamp one interval ago.
bool is_next(std::string_view stamp, const std::string& chain, ocf::ExitCode code,
             const Context& context) {
  // The cluster counts the interval from the end of a monitor. It can be late, never early.
  constexpr host::Duration rounding = 10ms;
  const host::Duration late = 1s + context.request.interval / 10;
  constexpr std::string_view key = " end=";
  const auto place = stamp.rfind(key);
  if (place == std::string_view::npos || !stamp.ends_with('\n')) {
    return false;
  }
  const auto digits = stamp.substr(place + key.size(), stamp.size() - place - key.size() - 1);
  const auto end = base::number_in<std::int64_t>(digits);
  const host::TimePoint then{host::Duration(end.value_or(0))};
  if (stamp != stamp_text(chain, code, then)) {
    return false;
  }
  const auto age = context.begin - then;
  return age >= context.request.interval - rounding && age <= context.request.interval + late;
}

// Error: the next monitor cannot wait.
host::Result<void> leave_stamp(const Context& context, const std::string& text) {
  auto& files = context.host.files;
  const auto path = stamp_path(context.request);
  auto left = files.replace_file(path, text);
  if (!left && left.error().kind == host::ErrorKind::not_found) {
    left = files.create_directory(context.request.state_directory).and_then([&] {
      return files.replace_file(path, text);
    });
  }
  return left;
}

bool runs(const Look& look) {
  return look.main && (look.outcome.code == ocf::ExitCode::success ||
                       look.outcome.code == ocf::ExitCode::degraded);
}

// Looks when the main process has just ended. If all were killed, the others end in the same
// moment, so looks again as long as they become fewer.
Look look_at_the_end(const Context& context, const std::function<Look(Depth)>& look) {
  constexpr host::Duration moment = 10ms;
  constexpr int most_looks = 10;
  auto last = look(Depth::own_checks);
  for (int i = 1; i < most_looks && !last.main && last.processes > 0; ++i) {
    context.host.clock.sleep_until(context.host.clock.now() + moment);
    const auto before = std::exchange(last, look(Depth::own_checks));
    if (last.processes >= before.processes) {
      break;
    }
  }
  return last;
}

// Waits and looks until there is news or the time is over. Returns the news, or what a full look
// has seen last.
Look wait_for_news(const Context& context, const std::function<Look(Depth)>& look, Depth full,
                   const Look& first) {
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  const auto end = begin + *parameters.watch;
  const auto full_interval = parameters.watch_depth_interval.value_or(*parameters.watch);
  auto next_full = begin + full_interval;
  auto last = first;
  for (auto now = host.clock.now(); now < end; now = host.clock.now()) {
    const auto wake = std::min<host::TimePoint>(end, now + parameters.watch_interval);
    if (host.processes.wait_until_gone({&*first.main, 1}, wake).empty()) {
      return look_at_the_end(context, look);
    }
    now = host.clock.now();
    const auto depth = now >= std::min(end, next_full) ? full : Depth::own_checks;
    if (depth == full) {
      next_full = now + full_interval;
    }
    auto seen = look(depth);
    // Own checks see less than the first look: that they find nothing is neither news nor the
    // result.
    const bool is_less = depth == Depth::own_checks && seen.outcome.code == ocf::ExitCode::success;
    if (seen.main != first.main || (seen.outcome.code != first.outcome.code && !is_less)) {
      return seen;
    }
    if (!is_less) {
      last = std::move(seen);
    }
  }
  return last;
}

}  // namespace

bool may_watch(const ocf::Request& request) {
  return (request.action == "monitor" || request.action == "status") &&
         request.recurrence() == ocf::Recurrence::recurring &&
         request.check_level == ocf::CheckLevel::normal;
}

bool has_to_watch(const Context& context) {
  return context.parameters.watch && may_watch(context.request) && watch_problem(context).empty();
}

std::string watch_problem(const Context& context) {
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  if (!parameters.watch || !may_watch(request)) {
    return {};
  }
  // A notification waits for the end of the monitor, and the cluster for the notification.
  if (request.is_notified) {
    return say<Reason::watch_and_notify>();
  }
  const auto longest = longest_watch(timeout, parameters.probe_timeout);
  if (*parameters.watch <= longest) {
    return {};
  }
  return say<Reason::watch_too_long>(
      request.parameters.find("watch")->second, host::in_seconds(longest),
      host::in_seconds(timeout), host::in_seconds(timeout - usable_time(timeout)),
      host::in_seconds(check_time(timeout, parameters.probe_timeout)));
}

ocf::Outcome watch(const Context& context, const std::function<Look(Depth)>& look) {
  const auto stamp = take_stamp(context);
  const auto full = context.parameters.watch_depth_interval ? Depth::in_depth : Depth::health;
  const auto first = look(full);
  if (!runs(first)) {
    return first.outcome;
  }
  const auto chain = chain_of(context, *first.main);
  auto last = first;
  if (is_next(stamp, chain, first.outcome.code, context)) {
    last = wait_for_news(context, look, full, first);
  }
  if (last.main == first.main && last.outcome.code == first.outcome.code) {
    const auto left =
        leave_stamp(context, stamp_text(chain, last.outcome.code, context.host.clock.now()));
    if (!left) {
      return degrade(std::move(last.outcome), say<Reason::watch_without_stamp>(left.error().text));
    }
  }
  return last.outcome;
}

void forget_watch(const Context& context) {
  (void)context.host.files.remove_file(stamp_path(context.request));
}

}  // namespace kamailio
