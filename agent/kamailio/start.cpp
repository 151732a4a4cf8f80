#include "agent/host/accounts.h"
#include "agent/host/log.h"
#include "agent/kamailio/actions.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/launch.h"
#include "agent/kamailio/node.h"
#include "agent/kamailio/observe.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/refusal.h"
#include "agent/kamailio/schedule.h"
#include "agent/kamailio/termination.h"
#include "agent/kamailio/verdict.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;
using ocf::Outcome;

// Times that grow from round to round: a server that is up in 15 ms is noticed at once, and a slow
// one does not cost a hundred rounds.
class Growing {
 public:
  Growing(Milliseconds first, Milliseconds longest) : next_(first), longest_(longest) {}

  Milliseconds next() { return std::exchange(next_, std::min(next_ * 2, longest_)); }

 private:
  Milliseconds next_;
  Milliseconds longest_;
};

// Brings the instance from any state to healthy, or finds out why that fails.
class Start {
 public:
  Start(const Context& context, std::string binary)
      : host_(context.host),
        parameters_(with_group(context.host, context.parameters)),
        binary_(std::move(binary)),
        wrong_(text_of_reloadable(context.errors)),
        deadline_(context.begin + usable_time(context.timeout)) {}

  Outcome run() {
    Growing pause(10ms, 500ms);
    // A check that takes longer than a monitor with the suggested timeout would wait has failed.
    const auto longest_check = check_time(30s, parameters_.probe_timeout);
    Growing time_to_check(std::min<Milliseconds>(1s, longest_check), longest_check);
    for (;;) {
      const auto now = host_.clock.now();
      const auto evidence = observe(host_, parameters_, Depth::in_depth,
                                    std::min(deadline_, now + time_to_check.next()), deadline_);
      if (!evidence) {
        return fail<Reason::processes_not_visible>(evidence.error().text);
      }
      auto verdict = assess(*evidence, parameters_);
      if (is_alive(verdict.outcome.code) && !wrong_.empty()) {
        verdict.outcome = degrade(std::move(verdict.outcome), wrong_);  // less was asked
      }
      if (verdict.outcome.code == ExitCode::success ||
          (is_alive(verdict.outcome.code) && !is_young())) {
        return healthy(*evidence, verdict);
      }
      if (is_hopeless(verdict.outcome.code)) {
        return verdict.outcome;
      }
      if (evidence->processes.empty() && evidence->unknown.empty()) {
        if (auto failed = begin(verdict.warnings)) {
          return *failed;
        }
        pause = Growing(10ms, 500ms);
        continue;
      }
      const auto seen = seen_so_far(*evidence, verdict.outcome);
      if (evidence->main || evidence->processes.empty()) {
        last_seen_ = seen;
        alone_since_.reset();
      } else if (auto failed = deal_with_leftovers(*evidence, verdict.outcome)) {
        return *failed;
      }
      // The result of a check without time is not worth reporting.
      constexpr auto shortest_check = 100ms;
      const auto wake = host_.clock.now() + pause.next();
      if (wake + shortest_check >= deadline_) {
        return fail<Reason::not_healthy_in_time>(seen);
      }
      host_.clock.sleep_until(wake);
    }
  }

 private:
  static bool is_alive(ExitCode code) {
    return code == ExitCode::success || code == ExitCode::degraded;
  }

  // An instance that has just been launched may still be creating its processes and sockets.
  [[nodiscard]] bool is_young() const {
    constexpr auto youth = 1s;
    const auto now = host_.clock.now();
    return launched_ && now < launched_at_ + youth && now + youth < deadline_;
  }

  // The server replies. Monitors report its other problems: a failed start would cost the calls
  // that it can serve.
  [[nodiscard]] Outcome healthy(const Evidence& evidence, const Verdict& verdict) const {
    if (verdict.outcome.code == ExitCode::degraded) {
      host_.log.write(host::Level::warning, verdict.outcome.reason);
    }
    host_.log.write(host::Level::info,
                    std::string(launched_ ? "started" : "already running") +
                        (evidence.vitals ? ", " + describe(evidence.vitals->uptime) : ""));
    return {};
  }

  // A round of checks that was cut short may have found less than the one before it.
  [[nodiscard]] std::string seen_so_far(const Evidence& evidence, const Outcome& outcome) const {
    const bool is_cut_short = evidence.main && !last_seen_.empty() &&
                              outcome.reason != last_seen_ && host_.clock.now() >= deadline_;
    return (is_cut_short ? last_seen_ + "; then: " : std::string()) + outcome.reason;
  }

  // Launches the instance; call it when no process of the instance is alive. Returns nothing after
  // a launch: the next look shows the result.
  std::optional<Outcome> begin(const std::vector<std::string>& warnings) {
    for (const auto& warning : warnings) {
      host_.log.write(host::Level::warning, warning);
    }
    if (auto failed = failure_of_launch()) {
      return failed;
    }
    ++launches_;
    auto result = launch(host_, parameters_, binary_, deadline_ - time_to_explain());
    if (!result) {
      return result.error();
    }
    if (std::holds_alternative<host::TimedOut>(*result) ||
        std::holds_alternative<host::Abandoned>(*result)) {
      const auto now = host_.clock.now();
      const auto half = time_to_explain() / 2;
      (void)terminate_instance(host_, parameters_, now + half / 2, now + half);
    }
    launched_ = *std::move(result);
    launched_at_ = host_.clock.now();
    return std::nullopt;
  }

  // Why the last launch failed. Nothing if there was none, or if the cause is gone.
  std::optional<Outcome> failure_of_launch() {
    constexpr int most_launches = 2;
    if (!launched_) {
      return std::nullopt;
    }
    if (const auto stranger = stranger_in_pid_file(host_, parameters_)) {
      return launched_something_else(*stranger);
    }
    // The failure of a daemon that ended after its initialisation does not pass in a moment, and a
    // launch that has used all the time would do so again.
    const auto* const exited = std::get_if<host::Exited>(&*launched_);
    const bool is_refused = (exited != nullptr && exited->code != 0) ||
                            std::holds_alternative<host::Signaled>(*launched_);
    const bool is_last = !is_refused || launches_ == most_launches || !has_time();
    auto failure =
        explain(host_, parameters_, binary_, {.result = *launched_, .is_last = is_last}, deadline_);
    if (!failure) {
      host_.log.write(host::Level::info, "the cause of the failed launch is gone: launching again");
    }
    return failure;
  }

  // The time reserved for explaining a launch that uses all of its time. It is short, since a
  // launch that is slow but not broken needs the rest.
  [[nodiscard]] host::Duration time_to_explain() const {
    return std::min<host::Duration>(3s, (deadline_ - host_.clock.now()) / 8);
  }

  [[nodiscard]] bool has_time() const { return host_.clock.now() + 1s < deadline_; }

  // Waiting does not install a tool.
  static bool is_hopeless(ExitCode code) {
    return code == ExitCode::not_installed || code == ExitCode::not_permitted;
  }

  // Handles processes without a main process. Several of them are left from a dead one, and hold
  // the ports; a single one may be a launch under way. One look may be wrong, since processes come
  // and go while the table is read, so the state has to last as long as a launch needs to become
  // visible.
  std::optional<Outcome> deal_with_leftovers(const Evidence& evidence, const Outcome& verdict) {
    const host::Duration time_to_show = evidence.processes.size() == 1 ? 2s : 100ms;
    const auto now = host_.clock.now();
    if (!alone_since_) {
      alone_since_ = now;
    }
    if (now < *alone_since_ + time_to_show) {
      return std::nullopt;
    }
    if (launched_) {
      return fail<Reason::main_process_died_in_start>(
          last_seen_.empty() ? "no check had seen it" : "last check: " + last_seen_);
    }
    host_.log.write(host::Level::warning, "cleaning up before the start: " + verdict.reason);
    const auto grace = std::min<host::Duration>(5s, (deadline_ - now) / 4);
    const auto living = terminate_instance(host_, parameters_, now + grace, now + 2 * grace);
    if (!living) {
      return fail_by<Reason::not_ended>(living.error());
    }
    if (!living->mine.empty()) {
      return fail<Reason::leftovers_survive>(name_processes(living->mine));
    }
    alone_since_.reset();
    return std::nullopt;
  }

  // `binary` is a script that executes another program. Neither monitor nor stop would recognise
  // the processes that it started, so they must not stay.
  Outcome launched_something_else(const host::Process& stranger) {
    auto as_launched = parameters_;
    as_launched.binary.places = {stranger.executable, stranger.arguments.front()};
    const auto now = host_.clock.now();
    const auto half = (deadline_ - now) / 2;
    const auto living = terminate_instance(host_, as_launched, now + half, deadline_);
    auto outcome = fail<Reason::other_program_executed>(binary_, stranger.arguments.front());
    if (!living || !living->is_empty()) {
      add_reason(outcome.reason, say<Reason::other_program_survives>());
    }
    return outcome;
  }

  const host::Host& host_;
  Parameters parameters_;
  std::string binary_;
  std::string wrong_;  // invalid parameters of health checks
  host::TimePoint deadline_;
  int launches_ = 0;
  std::optional<host::ProcessResult> launched_;  // the last one
  host::TimePoint launched_at_;
  std::optional<host::TimePoint> alone_since_;
  std::string last_seen_;
};

}  // namespace

Outcome start(const Context& context) {
  if (auto refused = refusal_of_lasting(context.errors)) {
    return *refused;
  }
  const auto binary = inspect_node(context.host, context.parameters);
  if (!binary) {
    return binary.error();
  }
  warn_of_exposed_files(context.host, context.parameters);
  warn_of_own_service(context.host);
  return Start(context, *binary).run();
}

}  // namespace kamailio
