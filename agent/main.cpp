#include "agent/agent.h"
#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/kamailio/reasons.h"
#include "agent/ocf/log_settings.h"
#include "agent/ocf/request.h"
#include "agent/posix/accounts.h"
#include "agent/posix/clock.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/file_system.h"
#include "agent/posix/log.h"
#include "agent/posix/network.h"
#include "agent/posix/process_runner.h"
#include "agent/posix/process_table.h"
#include "agent/posix/random.h"
#include "agent/posix/read_write.h"
#include "agent/posix/watchdog.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

// The only place that reads the environment.
host::Environment read_environment() {
  host::Environment environment;
  for (char** line = environ; line != nullptr && *line != nullptr; ++line) {
    const std::string_view text = *line;
    if (const auto equals = text.find('='); equals != std::string_view::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

}  // namespace

int main(int argc, char** argv) {
  posix::open_missing_standard_streams();
  // The agent's file is named kamailio, and users who kill that by name (pkill -x) mean the server.
  ::prctl(PR_SET_NAME, "ocf-kamailio");
  // A closed pipe, or a log file at its size limit (ulimit -f), must not end an action halfway.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // The umask does not depend on the caller: Kamailio inherits it and creates its files readable
  // for others.
  ::umask(S_IWGRP | S_IWOTH);
  const auto environment = read_environment();
  const auto request =
      ocf::parse_request(std::vector<std::string>(argv + 1, argv + argc), environment);

  if (may_wait(request)) {
    // Ends with the cluster's executor.
    const auto executor = ::getppid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != executor) {
      return static_cast<int>(ocf::ExitCode::generic_error);
    }
  }

  posix::PosixClock clock;
  const auto begin = clock.now();
  posix::PosixFileSystem files;
  posix::PosixProcessTable processes;
  posix::PosixProcessRunner runner(environment);
  posix::PosixNetwork network;
  posix::PosixRandom random;
  posix::PosixAccounts accounts;
  const auto settings = ocf::log_settings(
      environment, "kamailio", request.instance, ::getpid(),
      ::isatty(STDERR_FILENO) == 1 ? ocf::Terminal::present : ocf::Terminal::absent);
  posix::PosixLog log(settings);
  const host::Host machine{.clock = clock,
                           .files = files,
                           .processes = processes,
                           .runner = runner,
                           .network = network,
                           .random = random,
                           .accounts = accounts,
                           .log = log};

  std::optional<posix::Watchdog> watchdog;
  if (const auto time = longest_time(request)) {
    using kamailio::Reason;
    watchdog.emplace(
        settings.exit_reason_prefix,
        kamailio::say<Reason::agent_hangs>(request.action, host::in_seconds(*time), ""),
        begin + *time);
  }
  auto [outcome, out] = answer(machine, request);
  const auto printed = posix::write_patiently(STDOUT_FILENO, out, posix::stream_patience);
  if (!printed && outcome.code == ocf::ExitCode::success) {
    outcome = kamailio::fail<kamailio::Reason::output_lost>(
        std::generic_category().message(printed.error()));
  }
  if (watchdog) {
    watchdog->set_outcome(outcome);
  }
  report(outcome, request.recurrence(), log);
  if (watchdog) {
    watchdog->stand_down();
  }
  // Skips destructors: ending the process is faster.
  std::_Exit(static_cast<int>(outcome.code));
}
