#include "conformance/cluster/cluster.h"

#include "agent/posix/clock.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/read_write.h"
#include "agent/posix/spawn.h"
#include "sim/cluster/call.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;

// Starts without a copy of this process, whose creation would count as the agent's time.
pid_t start_agent(const std::string& agent, const Operation& operation,
                  const posix::Environment& environment, int out, int err) {
  auto arguments = std::vector<std::string>{agent};
  if (!operation.action.empty()) {
    arguments.push_back(operation.action);
  }
  arguments.insert(arguments.end(), operation.further_arguments.begin(),
                   operation.further_arguments.end());
  const auto pid =
      posix::spawn(arguments, environment, out, err, posix::Session::shared_with_own_group);
  if (!pid) {
    throw std::system_error(pid.error(), std::generic_category(), agent);
  }
  return *pid;
}

posix::Pipe pipe_or_throw() {
  auto pipe = posix::make_pipe();
  if (!pipe) {
    throw std::runtime_error(pipe.error().text);
  }
  return *std::move(pipe);
}

}  // namespace

// A reason may follow other text on its line.
Said said_in(const std::string& err) {
  constexpr std::string_view prefix = "ocf-exit-reason:";
  Said said;
  std::istringstream lines(err);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.rfind(prefix);
    if (begin == std::string::npos) {
      said.log.push_back(line);
    } else {
      said.reasons.push_back(line.substr(begin + prefix.size()));
    }
  }
  return said;
}

Cluster::Cluster(std::string agent, AgentName name, double rate, host::Environment environment)
    : agent_(std::move(agent)),
      name_(std::move(name)),
      rate_(rate),
      environment_(std::move(environment)) {}

Cluster Cluster::with_agent(std::string agent) const {
  Cluster other = *this;
  other.agent_ = std::move(agent);
  return other;
}

Result Cluster::run(const Resource& resource, const Operation& operation) const {
  auto out_pipe = pipe_or_throw();
  auto err_pipe = pipe_or_throw();
  const auto begin = Clock::now();
  auto further = operation.environment;
  further.insert(environment_.begin(), environment_.end());
  const auto environment = environment_of({.resource = resource,
                                           .action = operation.action,
                                           .timeout = operation.timeout,
                                           .check_level = operation.check_level,
                                           .further = std::move(further),
                                           .caller = operation.caller,
                                           .agent = name_,
                                           .interval = operation.interval});
  const pid_t pid = start_agent(agent_, operation, environment, out_pipe.write_end.get(),
                                err_pipe.write_end.get());
  out_pipe.write_end.reset();
  err_pipe.write_end.reset();
  posix::Capture out(std::move(out_pipe.read_end));
  posix::Capture err(std::move(err_pipe.read_end));
  const posix::Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!handle.is_open()) {
    ::kill(-pid, SIGKILL);
    throw std::system_error(errno, std::generic_category(), "pidfd_open");
  }

  Result result;
  const auto here = [this](auto duration) {
    return std::chrono::duration_cast<Clock::duration>(duration / rate_);
  };
  const auto timeout = begin + here(operation.timeout);
  const auto kill_at = operation.kill_after ? begin + here(*operation.kill_after) : timeout;
  int status = 0;
  for (bool ended = false; !ended;) {
    std::array<pollfd, 3> polled = {{{.fd = handle.get(), .events = POLLIN, .revents = 0},
                                     {.fd = out.descriptor(), .events = POLLIN, .revents = 0},
                                     {.fd = err.descriptor(), .events = POLLIN, .revents = 0}}};
    const auto left = std::max<std::chrono::nanoseconds>(
        std::min<Clock::time_point>(timeout, kill_at) - Clock::now(), std::chrono::nanoseconds(0));
    const timespec wait = {.tv_sec = left.count() / 1'000'000'000,
                           .tv_nsec = left.count() % 1'000'000'000};
    const bool is_dying = result.timed_out || result.killed;
    constexpr timespec for_the_kernel = {.tv_sec = 60, .tv_nsec = 0};
    const int ready =
        ::ppoll(polled.data(), polled.size(), is_dying ? &for_the_kernel : &wait, nullptr);
    if (is_dying && ready == 0) {
      throw std::system_error(ETIMEDOUT, std::generic_category(), agent_ + " after SIGKILL");
    }
    out.read_available();
    err.read_available();
    ended = ::waitpid(pid, &status, WNOHANG) == pid;
    if (!ended && !is_dying && Clock::now() >= kill_at) {
      (operation.kill_after && kill_at < timeout ? result.killed : result.timed_out) = true;
      ::kill(result.killed && operation.victim == Victim::process ? pid : -pid, SIGKILL);
    }
  }
  out.read_available();
  err.read_available();
  result.took =
      std::chrono::duration_cast<std::chrono::milliseconds>((Clock::now() - begin) * rate_);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  result.signal = WIFSIGNALED(status) && !result.timed_out && !result.killed ? WTERMSIG(status) : 0;
  result.out = out.text();
  result.err = err.text();
  if (auto said = said_in(result.err); !said.reasons.empty()) {
    result.reason = std::move(said.reasons.back());
  }
  return result;
}

namespace {

using namespace code;  // NOLINT(google-build-using-namespace): its names are OCF's

bool is_hard(int number) {
  return number == invalid_arguments || number == not_permitted || number == not_installed;
}

std::string of_stop(const WrongAnswer& answer) {
  if (answer.seen != 0 || answer.timed_out) {
    return "the cluster would fence this node, or block the resource where there is no fencing";
  }
  return answer.lives
             ? "the cluster would start the resource on another node while it still runs here"
             : "the cluster would continue as if the resource were stopped";
}

std::string of_monitor(const WrongAnswer& answer) {
  switch (answer.seen) {
    case 0:
      return answer.expected == not_running
                 ? "the cluster would treat the resource as running although nothing runs"
                 : "the cluster would not recover a failed service, and calls would be lost";
    case not_running:
      return answer.lives ? "the cluster would start a second server beside the running one"
                          : "the cluster would start the resource, here or elsewhere";
    case degraded:
      return "the cluster would show a warning and leave the service as it is";
    case generic_error:
      return answer.expected == 0 || answer.expected == degraded
                 ? "the cluster would restart a working service and end its calls"
                 : "the cluster would recover the resource here before it tries another node";
    default:
      return "the cluster would stop the resource";
  }
}

}  // namespace

std::string consequence_of(const WrongAnswer& answer) {
  if (answer.action == "stop") {
    return of_stop(answer);
  }
  if (answer.timed_out) {
    return "the cluster would kill the agent, show no reason and count a failure";
  }
  if (answer.seen == not_configured) {
    return "the cluster would stop the resource on all nodes";
  }
  if (is_hard(answer.seen)) {
    return "the cluster would ban the resource from this node";
  }
  if (answer.action == "monitor" || answer.action == "status") {
    return of_monitor(answer);
  }
  if (answer.action == "start") {
    return answer.seen == 0
               ? "the cluster would start dependent resources although the service is down"
               : "the cluster would stop the resource here and try another node";
  }
  return answer.seen == 0 ? "the cluster and its tools would assume success"
                          : "the cluster or its tools would report a failure";
}

std::string quoted_for_shell(const std::string& word) {
  constexpr const char* plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
    return word;
  }
  std::string text = "'";
  for (const char letter : word) {
    text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return text + "'";
}

}  // namespace cluster
