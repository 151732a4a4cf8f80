#pragma once

#include "sim/machine/machine.h"
#include "sim/setup/scenario.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

// The output of a simulated program, also after its end.
class CapturedOutput {
 public:
  CapturedOutput();
  [[nodiscard]] std::shared_ptr<PipeEnd> writing_end() const;
  [[nodiscard]] std::string text() const;

 private:
  std::shared_ptr<Pipe> pipe_;
  std::unique_ptr<PipeEnd> reading_end_;
  mutable std::string read_;
};

// The end of a program, and its duration.
struct ProgramEnd {
  std::optional<WaitStatus> status;  // nothing: it did not end by itself
  host::Duration took{};
};

// Runs programs on a simulated machine without an agent, and keeps other processes: SIP responders,
// processes that are not Kamailio.
class Programs {
 public:
  explicit Programs(Machine& machine) : machine_(machine) {}

  // Throws std::runtime_error if the program or user does not exist.
  ProgramEnd run(const RunProgram& run);
  // The output of the last program and its descendants.
  [[nodiscard]] std::string out() const { return out_ ? out_->text() : ""; }
  [[nodiscard]] std::string err() const { return err_ ? err_->text() : ""; }

  // The first line of the response, as ask_options() returns it.
  [[nodiscard]] std::string ask(const AskOptions& question);

  void respond(const PlacedResponder& responder);
  void hold_open(const std::string& fifo);
  [[nodiscard]] int foreign_pid(PlacedFile::ForeignPid fate);

  // Processes that are not under test, and their listening sockets.
  [[nodiscard]] const std::set<int>& own_pids() const { return own_pids_; }
  [[nodiscard]] const std::vector<host::Endpoint>& own_endpoints() const { return own_endpoints_; }

 private:
  // The parent of all these. It does nothing, so it does not reap children either.
  int player();
  int begin(Life life);
  [[nodiscard]] std::optional<WaitStatus> ended_by(int pid, host::TimePoint deadline);
  void send(int signal, int pid);

  Machine& machine_;
  int player_ = 0;
  std::set<int> own_pids_;
  std::vector<host::Endpoint> own_endpoints_;
  std::unique_ptr<CapturedOutput> out_;
  std::unique_ptr<CapturedOutput> err_;
};

}  // namespace sim
