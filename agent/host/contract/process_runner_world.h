#pragma once

#include "agent/host/clock.h"
#include "agent/host/contract/script.h"
#include "agent/host/process_runner.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace host::contract {

// Another process of the agent, which runs helpers. It ends with this object.
class OtherAgent {
 public:
  virtual ~OtherAgent() = default;

  // SIGKILL, to the process alone and to its whole group.
  virtual void kill() = 0;
  virtual void kill_group() = 0;
};

// A machine that has programs for the runner and can tell what became of them. The world ends what
// is left of them.
class ProcessRunnerWorld {
 public:
  virtual ~ProcessRunnerWorld() = default;

  [[nodiscard]] virtual ProcessRunner& runner() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;

  // The argument vector that makes a program do this.
  [[nodiscard]] virtual std::vector<std::string> program_that(const Script& script) = 0;

  // Paths.
  [[nodiscard]] virtual std::string missing_program() = 0;
  [[nodiscard]] virtual std::string program_without_execute_bit() = 0;
  [[nodiscard]] virtual std::string program_without_its_interpreter() = 0;

  // The processes that live now, zombies left out, of all the programs of this world.
  [[nodiscard]] virtual int living() = 0;

  // An empty directory that every user may write to, and the names that it has now.
  [[nodiscard]] virtual std::string directory() = 0;
  [[nodiscard]] virtual std::vector<std::string> entries() = 0;

  // Other processes, children of this one.
  [[nodiscard]] virtual ProcessId process() = 0;
  [[nodiscard]] virtual ProcessId process_that_ends_after(Duration duration) = 0;  // as a zombie
  [[nodiscard]] virtual ProcessId ended_process() = 0;
  [[nodiscard]] virtual bool lives(const ProcessId& process) = 0;

  // What this process passes on unless the runner sees to it. The runner knows of a variable that
  // was set before it was first asked for.
  virtual void set_variable(const std::string& name, const std::string& value) = 0;
  virtual void open_descriptor_that_survives_exec() = 0;
  virtual void ignore_and_block_signals() = 0;
  virtual void ignore_ended_children() = 0;  // SIGCHLD, so that the kernel reaps them

  // Acts without standard input, output and error.
  virtual void without_standard_streams(const std::function<void()>& act) = 0;

  // What this process holds now.
  [[nodiscard]] virtual int open_descriptors() = 0;
  [[nodiscard]] virtual int children() = 0;
  [[nodiscard]] virtual int session() = 0;

  // Returns at once; the agent may still be about to run them.
  [[nodiscard]] virtual std::unique_ptr<OtherAgent> agent_that_runs(
      const std::vector<Command>& helpers) = 0;

  [[nodiscard]] virtual bool has_root() = 0;

  // Acts as an ordinary user, in every respect. Only where has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;

  // Acts while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

}  // namespace host::contract
