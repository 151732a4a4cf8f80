#include "sim/setup/programs.h"

#include "agent/host/environment.h"
#include "sim/host/network.h"
#include "sim/process/simulated_stage.h"
#include "sim/programs/programs.h"
#include "sim/setup/profile_reader.h"
#include "sim/setup/sip_endpoint.h"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Task<int> keep_open(Stage& me, std::string path) {
  if (const auto fifo = me.open_fifo(path)) {
    me.ignore(*fifo);
  }
  for (;;) {
    (void)co_await me.next();
  }
}

Task<int> sleep(Stage& me) {
  for (;;) {
    (void)co_await me.next();
  }
}

// Looks up a program like a shell with the PATH of helpers, among those of this machine.
std::string path_of(const std::string& program, const Machine& machine) {
  for (const std::string directory : {"/usr/sbin/", "/usr/bin/"}) {
    if (machine.files.exists(directory + program)) {
      return directory + program;
    }
  }
  if (!program.starts_with('/')) {
    throw std::runtime_error(program + ": not found in /usr/sbin and /usr/bin");
  }
  return program;
}

}  // namespace

CapturedOutput::CapturedOutput()
    : pipe_(std::make_shared<Pipe>()),
      reading_end_(std::make_unique<PipeEnd>(pipe_, PipeEnd::Use::reading)) {}

std::shared_ptr<PipeEnd> CapturedOutput::writing_end() const {
  return std::make_shared<PipeEnd>(pipe_, PipeEnd::Use::writing);
}

std::string CapturedOutput::text() const { return read_ += pipe_->read_all(); }

int Programs::player() {
  if (player_ == 0) {
    player_ = machine_.processes.add({.parent = Processes::init, .name = "player"}).id.pid;
    own_pids_.insert(player_);
  }
  return player_;
}

ProgramEnd Programs::run(const RunProgram& run) {
  const auto user = machine_.users.find_user(run.user);
  if (!user) {
    throw std::runtime_error("unknown user " + run.user);
  }
  auto environment = host::helper_environment({{"HOME", "/nonexistent"}});
  for (const auto& [name, value] : run.environment) {
    environment[name] = value;
  }
  auto arguments = run.arguments;
  arguments.front() = path_of(arguments.front(), machine_);
  out_ = std::make_unique<CapturedOutput>();
  err_ = std::make_unique<CapturedOutput>();
  const auto start = machine_.time.now();
  const auto pid =
      SimulatedStage::spawn(machine_, {.arguments = arguments,
                                       .environment = std::move(environment),
                                       .parent = player(),
                                       .identity = {.user = user->id, .group = user->primary_group},
                                       .session = SimulatedStage::NewProcess::Session::own,
                                       .out = out_->writing_end(),
                                       .err = err_->writing_end()});
  if (!pid) {
    throw std::runtime_error(arguments.front() + ": " +
                             std::generic_category().message(pid.error()));
  }
  ProgramEnd end{.status = ended_by(*pid, start + run.lasts)};
  end.took = machine_.time.now() - start;
  if (!end.status) {
    send(SIGTERM, *pid);
    if (!ended_by(*pid, machine_.time.now() + seconds(2))) {
      send(SIGKILL, *pid);
      (void)ended_by(*pid, machine_.time.now() + seconds(1));
    }
  }
  return end;
}

std::optional<WaitStatus> Programs::ended_by(int pid, host::TimePoint deadline) {
  const auto has_ended = [&] { return machine_.processes.find(pid)->ended.has_value(); };
  if (!machine_.time.pass_until(deadline, has_ended)) {
    return std::nullopt;
  }
  return machine_.processes.reap(*machine_.processes.find(pid));
}

void Programs::send(int signal, int pid) {
  if (auto* const process = machine_.processes.find(pid)) {
    machine_.processes.send(*process, signal);
  }
}

std::string Programs::ask(const AskOptions& question) {
  const Identity root = {};
  SimNetwork network(machine_.time, machine_.sockets, root);
  return ask_options(network, question.at, machine_.time.now() + question.lasts);
}

int Programs::begin(Life life) {
  auto& process = machine_.processes.add({.parent = player(), .name = "player"});
  const int pid = process.id.pid;
  own_pids_.insert(pid);
  SimulatedStage::put_on(machine_, process, std::move(life), {});
  machine_.time.pass_until(machine_.time.now() + milliseconds(1));
  return pid;
}

void Programs::respond(const PlacedResponder& responder) {
  const int pid = begin(sip_responder({responder.at}, read_behaviour(responder.behaviour)));
  own_endpoints_.push_back(responder.at);
  if (machine_.processes.find(pid)->ended) {
    throw std::runtime_error("the address " + word_of(responder.at) + " is in use");
  }
}

void Programs::hold_open(const std::string& fifo) {
  begin([fifo](Stage& me) { return keep_open(me, fifo); });
}

int Programs::foreign_pid(PlacedFile::ForeignPid fate) {
  using Foreign = PlacedFile::ForeignPid;
  const int pid = begin(sleep);
  if (fate != Foreign::living) {
    machine_.processes.end(*machine_.processes.find(pid), {});
    machine_.time.pass_until(machine_.time.now() + milliseconds(1));
  }
  if (fate == Foreign::dead) {
    (void)machine_.processes.reap(*machine_.processes.find(pid));
  }
  return pid;
}

}  // namespace sim
