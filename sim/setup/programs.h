#pragma once

#include "sim/machine/machine.h"
#include "sim/setup/scenario.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

// What a simulated program prints, also after its end.
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

// How a program ended, and when.
struct ProgramEnd {
  std::optional<WaitStatus> status;  // nothing: it did not end by itself
  host::Duration took{};
};

// Runs programs on a simulated machine without an agent, and keeps the processes that are there
// besides: SIP responders, processes that are not Kamailio.
class Programs {
 public:
  explicit Programs(Machine& machine) : machine_(machine) {}

  // Throws std::runtime_error if there is no such program or user.
  ProgramEnd run(const RunProgram& run);
  // Of the program that ran last, and of all that it started.
  [[nodiscard]] std::string out() const { return out_ ? out_->text() : ""; }
  [[nodiscard]] std::string err() const { return err_ ? err_->text() : ""; }

  // The first line of the response, as ask_options() has it.
  [[nodiscard]] std::string ask(const AskOptions& question);

  void respond(const PlacedResponder& responder);
  void hold_open(const std::string& fifo);
  [[nodiscard]] int foreign_pid(PlacedFile::ForeignPid fate);

  // Processes that nobody under test has started, and where they listen.
  [[nodiscard]] const std::set<int>& own_pids() const { return own_pids_; }
  [[nodiscard]] const std::vector<host::Endpoint>& own_endpoints() const { return own_endpoints_; }

 private:
  // The parent of all these; it does nothing, and so reaps nobody either.
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
