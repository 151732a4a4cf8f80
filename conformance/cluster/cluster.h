#pragma once

#include "sim/cluster/call.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cluster {

// The target of a kill. Pacemaker kills the group; it kills the process alone with on-fail=block
// and with crm_resource --force-* (lib/common/mainloop.c).
enum class Victim { group, process };

struct Operation {
  std::string action;  // empty: the agent gets no argument at all
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
  std::chrono::milliseconds interval = std::chrono::seconds(10);  // of a monitor; 0: once
  std::optional<int> check_level = std::nullopt;
  // Sends SIGKILL to the agent this long after its start.
  std::optional<std::chrono::microseconds> kill_after = std::nullopt;
  Victim victim = Victim::group;                        // of kill_after
  std::vector<std::string> further_arguments = {};      // after the action
  std::map<std::string, std::string> environment = {};  // besides the caller's
  Caller caller = Caller::pacemaker;
};

// The result of a run of an agent, as the cluster sees it.
struct Result {
  int code = 0;            // of the agent; 1 if it was killed
  bool timed_out = false;  // the cluster killed it
  bool killed = false;     // by Operation::kill_after
  int signal = 0;          // the signal that ended it otherwise; 0 if none did
  std::string reason;      // the last exit reason; empty if there is none
  std::string out;
  std::string err;
  std::chrono::milliseconds took{0};
};

// The standard error of an agent, split into exit reasons and other lines.
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
  // `rate`: how much faster than here time passes for the agent. Times of operations and results
  // are the agent's. `environment`: of each call, in addition to the operation's own.
  explicit Cluster(std::string agent, AgentName name = {}, double rate = 1,
                   host::Environment environment = {});

  // Throws std::system_error if the agent cannot be started, or if it still exists long after
  // SIGKILL.
  [[nodiscard]] Result run(const Resource& resource, const Operation& operation) const;
  [[nodiscard]] const std::string& agent() const { return agent_; }
  // The same cluster with this file as its agent.
  [[nodiscard]] Cluster with_agent(std::string agent) const;

 private:
  std::string agent_;
  AgentName name_;
  double rate_;
  host::Environment environment_;
};

// The result of an action, and the expected one.
struct WrongAnswer {
  std::string action;
  int expected = 0;
  int seen = 0;
  bool timed_out = false;
  bool lives = false;  // whether processes of the resource live when the action ends
};

// What Pacemaker would have done with this result (Pacemaker Administration, "How Agent Return
// Codes Are Interpreted"), as one sentence.
[[nodiscard]] std::string consequence_of(const WrongAnswer& answer);

// Quotes a word for a shell: "it's" -> 'it'\\''s'. Harmless words stay unquoted.
[[nodiscard]] std::string quoted_for_shell(const std::string& word);

}  // namespace cluster
