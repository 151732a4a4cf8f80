#include "conformance/rigs/node_programs.h"

#include "agent/posix/spawn.h"
#include "conformance/node/processes.h"
#include "conformance/node/program.h"
#include "conformance/rigs/node_files.h"
#include "conformance/rigs/node_rig.h"
#include "sim/setup/sip_endpoint.h"
#include "sim/yaml/writer.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

namespace conformance {

namespace fs = std::filesystem;

NodePrograms::NodePrograms() {
  node_.server = fs::canonical("/usr/sbin/kamailio");
  for (const int pid : node::all_pids()) {
    node_.own_pids.insert(pid);
  }
}

Observation NodePrograms::run(const sim::RunProgram& run, double rate) const {
  auto environment = posix::helper_environment({{"HOME", "/nonexistent"}});
  for (const auto& [name, value] : run.environment) {
    environment[name] = value;
  }
  auto arguments = run.arguments;
  for (const std::string directory : {"/usr/sbin/", "/usr/bin/"}) {
    if (fs::exists(directory + arguments.front())) {
      arguments.front().insert(0, directory);
    }
  }
  if (!arguments.front().starts_with('/')) {
    throw std::runtime_error(arguments.front() + ": not found in /usr/sbin and /usr/bin");
  }
  const node::Program program;
  const auto lasts = std::chrono::duration_cast<host::Duration>(run.lasts / rate);
  const auto end = program.run(arguments, environment, run.user, lasts);
  Ending ending = Hangs{};
  if (end.status) {
    ending = WIFEXITED(*end.status) ? Ending(Exited{WEXITSTATUS(*end.status)})
                                    : Ending(Killed{WTERMSIG(*end.status)});
  }
  return {.ending = ending,
          .out = lines_in(program.out()),
          .err = lines_in(program.err()),
          .took = end.took};
}

void NodePrograms::send(const sim::SendSignal& send) const {
  const auto pids = receivers(send.whom, census_of(node_));
  if (pids.empty()) {
    throw std::runtime_error("no server process received the signal");
  }
  for (const int pid : pids) {
    ::kill(pid, send.signal);
  }
}

Lookout NodePrograms::lookout() const {
  return {.look = [this] { return census_of(node_); },
          .now = [] { return std::chrono::steady_clock::now(); },
          .wait = [](host::Duration duration) { std::this_thread::sleep_for(duration); }};
}

// It prints a line when it listens.
void NodePrograms::respond(const sim::PlacedResponder& responder) {
  using Kind = yaml::Tree::Kind;
  const yaml::Tree options{.kind = Kind::table,
                           .entries = {{.key = "options", .value = responder.behaviour}}};
  const yaml::Tree profile{.kind = Kind::table,
                           .entries = {{.key = "responder", .value = options}}};
  const auto file =
      "/etc/kamailio/.responder-" + std::to_string(node_.own_endpoints.size()) + ".yaml";
  write_file(file, yaml::document_of(profile));
  auto pipe = posix::make_pipe().value();
  const int out = pipe.write_end.get();
  const auto pid = posix::spawn({responder_on_node, sim::word_of(responder.at)},
                                {{"SIM_PROFILE", file}}, out, out, posix::Session::own);
  if (!pid) {
    throw std::system_error(pid.error(), std::generic_category(), responder_on_node);
  }
  pipe.write_end.reset();
  std::array<char, 256> said = {};
  const auto size = ::read(pipe.read_end.get(), said.data(), said.size() - 1);
  if (size <= 0 || !std::string_view(said.data()).starts_with("listening")) {
    throw std::runtime_error("responder at " + sim::word_of(responder.at) +
                             " does not start: " + said.data());
  }
  node_.own_pids.insert(*pid);
  node_.own_endpoints.push_back(responder.at);
}

void NodePrograms::hold_open(const std::string& fifo) {
  held_.emplace_back(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!held_.back().is_open()) {
    throw std::system_error(errno, std::generic_category(), fifo);
  }
}

int NodePrograms::foreign_pid(sim::PlacedFile::ForeignPid fate) {
  using Foreign = sim::PlacedFile::ForeignPid;
  const pid_t pid = ::fork();
  if (pid < 0) {
    throw std::system_error(errno, std::generic_category(), "fork");
  }
  if (pid == 0) {
    if (fate == Foreign::living) {
      ::pause();
    }
    ::_exit(0);
  }
  if (fate == Foreign::dead) {
    ::waitpid(pid, nullptr, 0);
  } else if (fate == Foreign::zombie) {
    siginfo_t ended = {};
    ::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT);
  }
  node_.own_pids.insert(pid);
  return pid;
}

}  // namespace conformance
