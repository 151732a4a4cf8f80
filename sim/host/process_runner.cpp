#include "sim/host/process_runner.h"

#include "agent/host/result.h"
#include "sim/host/helper.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sim {

std::vector<host::ProcessResult> SimProcessRunner::run(
    std::span<const host::Command> helpers, const std::optional<host::ProcessId>& while_alive) {
  const auto environment = host::helper_environment(environment_);
  std::vector<std::shared_ptr<Helper>> running;
  for (const auto& helper : helpers) {
    running.push_back(std::make_shared<Helper>(agent_, helper));
    running.back()->start(environment);
  }
  auto& processes = agent_.machine().processes;
  const auto is_gone = [&] {
    const auto* const watched = while_alive ? processes.find(*while_alive) : nullptr;
    return while_alive && (watched == nullptr || watched->ended);
  };
  const auto all_over = [&] {
    return std::ranges::all_of(running, [](const auto& helper) { return helper->is_over(); });
  };
  agent_.pass_until(TimePoint::max(), [&] { return all_over() || is_gone(); });
  if (!all_over()) {
    for (const auto& helper : running) {
      helper->abandon();
    }
    agent_.pass_until(TimePoint::max(), all_over);
  }
  std::vector<host::ProcessResult> results;
  for (const auto& helper : running) {
    results.push_back(helper->result());
  }
  return results;
}

host::ProcessResult SimProcessRunner::launch(const host::Command& daemon) {
  constexpr std::chrono::seconds patience(1);
  auto& machine = agent_.machine();
  Capture out(daemon.ignored_lines);
  Capture err(daemon.ignored_lines);
  const auto pid = machine.spawn({.arguments = daemon.arguments,
                                  .environment = host::daemon_environment(environment_),
                                  .parent = agent_.id().pid,
                                  .identity = agent_.identity(),
                                  .out = out.writing_end(),
                                  .err = err.writing_end()});
  if (!pid) {
    return host::NotStarted{.error = host::error_from(pid.error(), daemon.arguments.front())};
  }
  const auto id = machine.processes.find(*pid)->id;
  const auto has_ended = [&] {
    out.read();
    err.read();
    return machine.processes.find(id)->ended.has_value();
  };
  const auto is_hopeless = [&] {
    return !daemon.hopeless_words.empty() &&
           (out.text() + err.text()).find(daemon.hopeless_words) != std::string::npos;
  };
  const bool in_time =
      agent_.pass_until(daemon.deadline, [&] { return has_ended() || is_hopeless(); });
  if (!in_time || is_hopeless()) {
    machine.processes.send(*machine.processes.find(id), SIGKILL);
    agent_.pass_until(daemon.deadline + patience, has_ended);
  }
  host::Output output{.out = out.text(), .err = err.text()};
  auto* const ended = machine.processes.find(id);
  if (!ended->ended) {
    return host::TimedOut{.output = std::move(output)};
  }
  const auto status = machine.processes.reap(*ended);
  if (!in_time) {
    return host::TimedOut{.output = std::move(output)};
  }
  if (is_hopeless()) {
    return host::Abandoned{.output = std::move(output)};
  }
  return result_of(status, std::move(output));
}

}  // namespace sim
