#pragma once

#include "agent/host/clock.h"
#include "conformance/outcome/outcome.h"
#include "conformance/scenario/facts.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace conformance {

// The observations of a scenario's run, on any rig, without judgement.

struct SeenSignal {
  int signal = 0;
  std::string to;  // an instance; "" for any other process
};

// A call of the agent.
struct SeenCall {
  int code = 0;                           // of the agent; 1 if it was killed
  bool timed_out = false;                 // the cluster killed it
  bool killed = false;                    // the scenario killed it
  std::vector<std::string> reasons = {};  // exit reasons; the cluster shows the last one
  std::string out = {};
  std::vector<std::string> log = {};  // its other output, line by line
  host::Duration took{};
  // Nothing: this rig cannot observe signals.
  std::optional<std::vector<SeenSignal>> signals = {};
};

// The state of the machine between two steps.
struct SeenMachine {
  std::map<std::string, std::set<int>> processes;  // PIDs of living processes, by instance
  std::vector<std::string> helpers;                // processes of the agent that outlive it
};

struct SeenStep {
  std::optional<SeenCall> call;
  std::optional<Observation> program;  // or the observation of a program, a signal or an ask step
  SeenMachine after;
};

// An account as the scenario's conditions name it; otherwise in numbers.
using SeenAccount = std::string;

struct SeenFile {
  std::string text = {};   // of a regular file
  SeenAccount owner = {};  // "USER:GROUP"
  unsigned mode = 0;
  bool is_empty = false;  // a directory without entries
};

struct SeenServer {
  int main_process = 0;
  std::vector<std::string> arguments = {};  // of the main process
  std::set<SeenAccount> accounts = {};      // of its processes
};

struct Evidence {
  std::vector<SeenStep> steps;  // those that ran
  // The files that conditions name, and that exist at the end.
  std::map<std::string, SeenFile> files;
  std::map<std::string, SeenServer> servers;  // by instance
  std::string trouble;  // why the remaining steps could not run; empty: all ran
  Timeline timeline;
  host::Duration slack{};  // the error of measured durations, either way
  host::Duration delay{};  // how long instant operations may take on a busy machine
};

}  // namespace conformance
