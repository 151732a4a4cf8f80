#pragma once

#include "agent/host/environment.h"
#include "agent/host/kept_output.h"
#include "agent/host/process_runner.h"
#include "sim/host/agent_process.h"
#include "sim/machine/pipe.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// The output of a program into a pipe.
class Capture {
 public:
  explicit Capture(const std::string& ignored_lines = {});

  // The program's end of the pipe.
  [[nodiscard]] std::shared_ptr<PipeEnd> writing_end() const;
  // Reads the available output.
  void read();
  void end();  // no more output follows
  [[nodiscard]] const std::string& text() const { return kept_.text(); }
  [[nodiscard]] Pipe& pipe() { return *pipe_; }

 private:
  std::shared_ptr<Pipe> pipe_;
  std::shared_ptr<PipeEnd> reading_end_;
  host::KeptOutput kept_;
};

[[nodiscard]] host::ProcessResult result_of(const WaitStatus& status, host::Output output);

// One helper, and the guard of all processes that it starts: see host::ProcessRunner. It continues
// even if the agent is gone.
class Helper : public std::enable_shared_from_this<Helper> {
 public:
  Helper(AgentProcess& agent, host::Command command);

  void start(const std::map<std::string, std::string>& environment);
  // Called when the process that the run was bound to has ended.
  void abandon();

  [[nodiscard]] bool is_over() const { return result_.has_value(); }
  [[nodiscard]] const host::ProcessResult& result() const { return *result_; }

 private:
  void look();
  void look_again_at(TimePoint moment);
  void end_all(int signal);
  void end_politely();
  void finish();
  void note_end_of_program();
  [[nodiscard]] bool has_members() const;

  Machine& machine_;
  host::ProcessId agent_;
  Identity identity_;
  host::Command command_;
  Capture out_;
  Capture err_;
  std::vector<WaitList::Place> places_;
  int guard_ = 0;
  host::ProcessId program_;
  std::optional<WaitStatus> status_;
  std::optional<host::ProcessResult> ended_as_;
  std::optional<TimePoint> kills_at_;
  std::optional<TimePoint> gives_up_at_;
  std::optional<host::ProcessResult> result_;
};

// Runs the installed programs of the machine.
class SimProcessRunner final : public host::ProcessRunner {
 public:
  SimProcessRunner(AgentProcess& agent, const host::Environment& environment)
      : agent_(agent), environment_(environment) {}

  [[nodiscard]] std::vector<host::ProcessResult> run(
      std::span<const host::Command> helpers,
      const std::optional<host::ProcessId>& while_alive) override;
  [[nodiscard]] host::ProcessResult launch(const host::Command& daemon) override;

 private:
  AgentProcess& agent_;
  const host::Environment& environment_;
};

}  // namespace sim
