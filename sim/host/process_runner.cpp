#include "sim/host/process_runner.h"

#include "agent/host/result.h"
#include "sim/process/simulated_stage.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

// Like the guard of the POSIX host.
constexpr std::chrono::milliseconds polite_wait(200);
constexpr std::chrono::seconds patience(1);

}  // namespace

Capture::Capture(const std::string& ignored_lines)
    : pipe_(std::make_shared<Pipe>()),
      reading_end_(std::make_shared<PipeEnd>(pipe_, PipeEnd::Use::reading)),
      kept_(ignored_lines) {}

std::shared_ptr<PipeEnd> Capture::writing_end() const {
  return std::make_shared<PipeEnd>(pipe_, PipeEnd::Use::writing);
}

void Capture::read() { kept_.add(pipe_->read_all()); }

void Capture::end() {
  read();
  kept_.end();
}

host::ProcessResult result_of(const WaitStatus& status, host::Output output) {
  if (status.by == WaitStatus::By::signal) {
    return host::Signaled{.signal = status.value, .output = std::move(output)};
  }
  return host::Exited{.code = status.value, .output = std::move(output)};
}

Helper::Helper(AgentProcess& agent, host::Command command)
    : machine_(agent.machine()),
      agent_(agent.id()),
      identity_(agent.identity()),
      command_(std::move(command)),
      out_(command_.ignored_lines),
      err_(command_.ignored_lines) {}

void Helper::start(const std::map<std::string, std::string>& environment) {
  guard_ = machine_.processes.new_guard();
  const auto pid =
      SimulatedStage::spawn(machine_, {.arguments = command_.arguments,
                                       .environment = environment,
                                       .parent = agent_.pid,
                                       .identity = identity_,
                                       .session = SimulatedStage::NewProcess::Session::own,
                                       .guard = guard_,
                                       .denied = command_.denied,
                                       .out = out_.writing_end(),
                                       .err = err_.writing_end()});
  if (!pid) {
    result_ = host::NotStarted{.error = host::error_from(pid.error(), command_.arguments.front())};
    return;
  }
  program_ = machine_.processes.find(*pid)->id;
  const auto soon = [this] { look_again_at(machine_.time.now()); };
  places_.push_back(out_.pipe().changes().join(soon));
  places_.push_back(err_.pipe().changes().join(soon));
  places_.push_back(machine_.processes.ends().join(soon));
  machine_.afterlife.insert(shared_from_this());
  look_again_at(command_.deadline);
}

void Helper::abandon() {
  if (!is_over() && !ended_as_) {
    ended_as_ = host::Abandoned{};
    end_politely();
  }
}

void Helper::look_again_at(TimePoint moment) {
  machine_.time.at(moment, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->look();
    }
  });
}

void Helper::look() {
  if (is_over()) {
    return;
  }
  out_.read();
  err_.read();
  note_end_of_program();
  const auto now = machine_.time.now();
  const auto* const agent = machine_.processes.find(agent_);
  if (agent == nullptr || agent->ended) {
    ended_as_ = host::Abandoned{};
    end_all(SIGKILL);
  } else if (!ended_as_ && !status_ && now >= command_.deadline) {
    ended_as_ = host::TimedOut{};
    end_politely();
  } else if (status_ && has_members() && !kills_at_) {
    end_politely();
  } else if (kills_at_ && now >= *kills_at_) {
    end_all(SIGKILL);
  }
  if (!has_members() || (gives_up_at_ && now >= *gives_up_at_)) {
    finish();
  }
}

void Helper::note_end_of_program() {
  auto* const program = machine_.processes.find(program_);
  if (!status_ && program != nullptr && program->ended) {
    status_ = machine_.processes.reap(*program);
  }
}

void Helper::end_politely() {
  const auto now = machine_.time.now();
  end_all(SIGTERM);
  kills_at_ = now + polite_wait;
  gives_up_at_ = now + patience;
  look_again_at(*kills_at_);
  look_again_at(*gives_up_at_);
}

void Helper::end_all(int signal) { machine_.processes.send_to_guard(guard_, signal); }

bool Helper::has_members() const {
  return std::ranges::any_of(machine_.processes.all(), [this](const auto& entry) {
    return entry.second.guard == guard_ && !entry.second.ended;
  });
}

void Helper::finish() {
  out_.end();
  err_.end();
  note_end_of_program();
  host::Output output{.out = out_.text(), .err = err_.text()};
  if (!command_.reply_fifo_prefix.empty()) {
    const std::string path = command_.reply_fifo_prefix + std::to_string(program_.pid);
    const auto status = machine_.files.lstat(path, identity_);
    if (status && status->type == Inode::Type::fifo && status->owner.user == identity_.user) {
      (void)machine_.files.unlink(path, identity_);
    }
  }
  if (!ended_as_) {
    result_ = result_of(*status_, std::move(output));
  } else if (std::holds_alternative<host::TimedOut>(*ended_as_)) {
    result_ = host::TimedOut{.output = std::move(output)};
  } else {
    result_ = host::Abandoned{.output = std::move(output)};
  }
  places_.clear();
  machine_.afterlife.erase(shared_from_this());
}

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
  auto& machine = agent_.machine();
  Capture out(daemon.ignored_lines);
  Capture err(daemon.ignored_lines);
  const auto pid =
      SimulatedStage::spawn(machine, {.arguments = daemon.arguments,
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
