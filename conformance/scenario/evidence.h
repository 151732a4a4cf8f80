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

// What was seen when a scenario was played, on whatever rig. Nothing here says whether that is
// good.

struct SeenSignal {
  int signal = 0;
  std::string to;  // an instance; "" for a process that is nobody's
};

// A call of the agent.
struct SeenCall {
  int code = 0;                           // as the agent said; 1 if it was killed
  bool timed_out = false;                 // the cluster had to kill it
  bool killed = false;                    // somebody else did, as the scenario says
  std::vector<std::string> reasons = {};  // exit reasons; the cluster shows the last one
  std::string out = {};
  std::vector<std::string> log = {};  // what it said besides, line by line
  host::Duration took{};
  // Nothing: this rig cannot see them.
  std::optional<std::vector<SeenSignal>> signals = {};
};

// The machine between two steps.
struct SeenMachine {
  std::map<std::string, std::set<int>> processes;  // pids that live, by instance
  std::vector<std::string> helpers;                // processes of the agent that have outlived it
};

struct SeenStep {
  std::optional<SeenCall> call;
  std::optional<Observation> program;  // or what a program, a signal or a question has come to
  SeenMachine after;
};

// As the scenario's conditions call that one; otherwise in numbers.
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
  std::set<SeenAccount> accounts = {};      // that its processes run as
};

struct Evidence {
  std::vector<SeenStep> steps;  // those that were played
  // Of those that the scenario's conditions name: what is there at the end.
  std::map<std::string, SeenFile> files;
  std::map<std::string, SeenServer> servers;  // by instance
  std::string trouble;                        // why the rest could not be played; empty: all was
  Timeline timeline;
  host::Duration slack{};  // how wrong the durations may be, either way
  host::Duration delay{};  // how much longer whatever takes no time may take on a busy machine
};

}  // namespace conformance
