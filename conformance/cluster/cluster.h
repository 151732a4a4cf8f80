#pragma once

#include "sim/cluster/call.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cluster {

// Whom a kill hits. The group is the rule; the process alone with on-fail=block and with
// crm_resource --force-* (lib/common/mainloop.c).
enum class Victim { group, process };

struct Operation {
  std::string action;  // empty: the agent gets no argument at all
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
  std::optional<int> check_level = std::nullopt;
  // Sends SIGKILL to the agent that long after its start.
  std::optional<std::chrono::microseconds> kill_after = std::nullopt;
  Victim victim = Victim::group;                        // of kill_after
  std::vector<std::string> further_arguments = {};      // behind the action
  std::map<std::string, std::string> environment = {};  // besides what the caller always sets
  Caller caller = Caller::pacemaker;
};

// What the cluster makes of a run of an agent.
struct Result {
  int code = 0;            // as the agent said; 1 if it was killed
  bool timed_out = false;  // the cluster had to kill it
  bool killed = false;     // by Operation::kill_after
  int signal = 0;          // that it died of otherwise; 0 if it did not
  std::string reason;      // the last exit reason; empty if there is none
  std::string out;
  std::string err;
  std::chrono::milliseconds took{0};
};

// Standard error of an agent, line by line: its exit reasons, and what it says besides.
struct Said {
  std::vector<std::string> reasons;
  std::vector<std::string> log;
};
[[nodiscard]] Said said_in(const std::string& err);

// Runs an agent as Pacemaker does (lib/services/services_ocf.c and services_linux.c): one argument,
// its environment and nothing else of ours, a process group of its own, no descriptors, SIGKILL to
// the group at the timeout, the last "ocf-exit-reason:" line of standard error.
class Cluster {
 public:
  // `rate`: so much faster than here does time pass for the agent. Times of operations and results
  // are the agent's. `environment`: of each call, besides its own.
  explicit Cluster(std::string agent, AgentName name = {}, double rate = 1,
                   host::Environment environment = {});

  // Throws std::system_error if the agent cannot be started, or is still there long after it was
  // killed.
  [[nodiscard]] Result run(const Resource& resource, const Operation& operation) const;
  [[nodiscard]] const std::string& agent() const { return agent_; }
  // The same, but that this file is run.
  [[nodiscard]] Cluster with_agent(std::string agent) const;

 private:
  std::string agent_;
  AgentName name_;
  double rate_;
  host::Environment environment_;
};

// What the agent answered to an action, and what would have been right.
struct WrongAnswer {
  std::string action;
  int expected = 0;
  int seen = 0;
  bool timed_out = false;
  bool lives = false;  // processes of the resource, when it had answered
};

// What Pacemaker would have done with it (Pacemaker Administration, "How Agent Return Codes Are
// Interpreted"), in one sentence for people.
[[nodiscard]] std::string consequence_of(const WrongAnswer& answer);

// A word as a shell takes it: "it's" -> 'it'\\''s'. What needs no quotes gets none.
[[nodiscard]] std::string quoted_for_shell(const std::string& word);

}  // namespace cluster
