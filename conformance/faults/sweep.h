#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/faults/fault.h"
#include "conformance/faults/judge.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faults {

// Writes the configuration of the instance to /etc/kamailio. The first resource uses the built-in
// probe.
[[nodiscard]] std::vector<Case> make_cases();

// Processes on the node that do not belong to the instance and must stay untouched.
class Bystanders {
 public:
  // `pid_file`: of the instance.
  explicit Bystanders(const std::string& pid_file);

  // Bystanders of which a process was ended, stopped or sent a signal since the last call. They are
  // restarted.
  [[nodiscard]] std::vector<std::string> hurt();

 private:
  struct Bystander {
    std::string what;
    std::vector<std::string> command;
    bool is_daemon = false;      // the command returns when the daemon runs
    std::vector<int> pids = {};  // all of its processes
  };

  static void start(Bystander& bystander);

  std::vector<Bystander> all_;
};

struct Run {
  std::vector<Rule> broken;
  Observation seen;
  std::string call;  // the failed call as strace prints it; empty if it was not reached
};

// Runs an agent on this node, which was made for it (ci/in-node), with and without faults.
class Sweep {
 public:
  // `program`: the path of this program, which is called again as `PROGRAM --hold` (main.cpp).
  Sweep(std::string agent, std::string program);

  [[nodiscard]] const std::vector<Case>& cases() const { return cases_; }
  [[nodiscard]] const Case* case_named(const std::string& name) const;

  // The run without a fault, and its system calls.
  [[nodiscard]] std::pair<Run, Trace> count(const Case& swept);
  [[nodiscard]] Run play(const Case& swept, const Fault& fault);

 private:
  Run play_once(const Case& swept, const Fault& fault);
  Run run(const Case& swept, std::vector<std::string> tracer, const std::string& error);
  void prepare(const Case& swept) const;
  void clean_up(const cluster::Resource& resource) const;

  cluster::Cluster agent_;
  std::string program_;
  std::vector<Case> cases_;
  Bystanders bystanders_;
};

}  // namespace faults
