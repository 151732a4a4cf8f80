#pragma once

#include "agent/host/environment.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/read_write.h"
#include "agent/posix/spawn.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// Runs the built agent as a cluster does.

namespace agent_testing {

struct Run {
  int code = 0;  // minus the signal that ended it
  std::string out;
  std::string err;
  std::chrono::nanoseconds took{0};
  std::chrono::nanoseconds spoke_after{0};  // time of the first output on standard error
};

// The environment of an action on an instance that no machine has.
inline host::Environment no_such_instance(const host::Environment& more = {}) {
  host::Environment environment = {
      {"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"},
      {"OCF_ROOT", "/usr/lib/ocf"},
      {"OCF_RA_VERSION_MAJOR", "1"},
      {"OCF_RA_VERSION_MINOR", "1"},
      {"OCF_RESOURCE_INSTANCE", "agent_main_test_" + std::to_string(::getpid())},
      {"OCF_RESKEY_listen_address", "127.0.0.1"},
      {"OCF_RESKEY_CRM_meta_timeout", "20000"}};
  for (const auto& [name, value] : more) {
    environment[name] = value;
  }
  return environment;
}

// `prepare` runs last before the new process becomes the agent: its standard output and error go to
// this process, unless it changes that. An agent that hangs is ended by SIGALRM. `command` is a
// program that runs the agent.
inline Run run_agent(
    const std::string& action, const host::Environment& environment,
    const std::function<void()>& prepare = [] {}, std::vector<std::string> command = {}) {
  constexpr unsigned longest_seconds = 25;
  auto out = *posix::make_pipe();
  auto err = *posix::make_pipe();
  command.insert(command.end(), {BUILT_AGENT, action});
  auto lines = posix::environment_lines(environment);
  const auto argv = posix::pointers_to(command);
  const auto envp = posix::pointers_to(lines);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out.write_end.get(), STDOUT_FILENO);
    ::dup2(err.write_end.get(), STDERR_FILENO);
    ::alarm(longest_seconds);
    prepare();
    ::execve(argv.front(), argv.data(), envp.data());
    ::_exit(127);
  }
  out.write_end.reset();
  err.write_end.reset();
  posix::Capture out_text(std::move(out.read_end));
  posix::Capture err_text(std::move(err.read_end));
  std::chrono::nanoseconds spoke_after{0};
  while (out_text.descriptor() >= 0 || err_text.descriptor() >= 0) {
    std::array<pollfd, 2> polled = {
        {{.fd = out_text.descriptor(), .events = POLLIN, .revents = 0},
         {.fd = err_text.descriptor(), .events = POLLIN, .revents = 0}}};
    ::poll(polled.data(), polled.size(), -1);
    out_text.read_available();
    err_text.read_available();
    if (spoke_after == std::chrono::nanoseconds(0) && !err_text.text().empty()) {
      spoke_after = std::chrono::steady_clock::now() - begin;
    }
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
          .out = out_text.text(),
          .err = err_text.text(),
          .took = std::chrono::steady_clock::now() - begin,
          .spoke_after = spoke_after};
}

}  // namespace agent_testing
