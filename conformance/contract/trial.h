#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/surroundings.h"
#include "conformance/outcome/outcome.h"
#include "sim/cluster/call.h"

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace contract {

using cluster::code::degraded;
using cluster::code::degraded_promoted;
using cluster::code::generic_error;
using cluster::code::invalid_arguments;
using cluster::code::not_configured;
using cluster::code::not_installed;
using cluster::code::not_permitted;
using cluster::code::not_running;
using cluster::code::running_promoted;
using cluster::code::success;
using cluster::code::unimplemented;

using Codes = std::vector<int>;

// Codes of a monitor.
inline const Codes active = {success, degraded};
inline const Codes promoted = {running_promoted, degraded_promoted};

enum class User { root, nobody };

// How an action is called, where it is not as usual.
struct How {
  std::optional<cluster::Resource> resource = std::nullopt;  // the subject's
  std::optional<int> check_level = std::nullopt;
  std::optional<std::chrono::microseconds> kill_after = std::nullopt;
  cluster::Victim victim = cluster::Victim::group;
  std::vector<std::string> further_arguments = {};
  std::map<std::string, std::string> environment = {};
  cluster::Caller caller = cluster::Caller::pacemaker;
  User user = User::root;
};

// An action that was called, and what came of it.
struct Call {
  std::string step;  // "monitor, check level 10"
  std::string action;
  cluster::Result result;
};

// One check at work on an agent: calls it, tells what was expected, and keeps what was seen.
// Nothing is cleaned up: each trial wants surroundings of its own.
//
// Every call is held against what holds of any: the agent answers before the cluster's timeout
// (which is twice what its meta-data advise, so that a slow machine is not taken for a slow agent),
// with a code that OCF 1.1 has.
class Trial {
 public:
  explicit Trial(const Subject& subject);
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial();

  [[nodiscard]] const Subject& subject() const { return subject_; }
  [[nodiscard]] const MetaData& meta_data() const { return subject_.meta_data; }
  [[nodiscard]] const cluster::Resource& resource() const { return subject_.resource; }

  Call call(const std::string& action, const How& how = {});
  // While the check goes on; judged by `finish`.
  [[nodiscard]] std::future<Call> call_in_background(const std::string& action,
                                                     const How& how = {});
  Call finish(std::future<Call> future);

  // The resource runs, as a condition of what is to be asked. If it does not come up, the check
  // does not fit: that a start succeeds is the claim of another one.
  [[nodiscard]] bool started(const How& how = {});
  // It runs and is promoted, as such a condition.
  [[nodiscard]] bool has_promoted();
  // The agent's file can be run by an ordinary user, and this is root, who can become one.
  [[nodiscard]] bool can_be_nobody();

  // Each is true if it holds, and leaves a finding otherwise.
  bool expect_code(const Call& call, const Codes& codes, const std::string& rule = "the exit code");
  bool expect_monitor(const Codes& codes, const How& how = {});
  bool expect(const Call& call, bool holds, const std::string& rule, const std::string& expected,
              const std::string& seen, const std::string& consequence = "");
  bool expect_none(const Call& call, const std::vector<std::string>& found, const std::string& rule,
                   const std::string& consequence);

  // The check cannot be played on this agent. Findings so far count all the same.
  void does_not_fit(const std::string& reason);
  // Nor do the findings so far count.
  void withdraw(const std::string& reason);

  // Polls until it holds, for at most so long on this machine: whatever the rate, the kernel takes
  // its time to end a process.
  static bool eventually(std::chrono::milliseconds patience, const std::function<bool()>& holds);

  [[nodiscard]] Snapshot look() const;
  // That have come since the trial began, and live.
  [[nodiscard]] std::map<pid_t, Process> processes() const;
  // The same, when those that are just ending have ended.
  [[nodiscard]] std::map<pid_t, Process> lasting_processes(
      const std::map<pid_t, Process>& expected = {}) const;
  // Those of `before` that live no more. One that was killed takes a moment to die.
  [[nodiscard]] std::map<pid_t, Process> lost_processes(
      const std::map<pid_t, Process>& before) const;
  // With SIGSTOP. Returns when they have stopped: of two signals that a process has not seen yet,
  // the kernel may deliver the second first.
  void freeze(const std::map<pid_t, Process>& processes);
  // With SIGKILL. Returns when somebody has reaped them: an agent may take a zombie for alive.
  void kill(const std::map<pid_t, Process>& processes);

  // The largest timeout that the meta-data advise for an action; 20 s if none.
  [[nodiscard]] std::chrono::milliseconds advised_timeout(const std::string& action) const;

  [[nodiscard]] const std::vector<conformance::Finding>& findings() const { return findings_; }
  [[nodiscard]] const std::string& misfit() const { return misfit_; }
  [[nodiscard]] const conformance::Timeline& timeline() const { return timeline_; }
  [[nodiscard]] host::Duration now() const;  // since the beginning, as time passes for the agent

 private:
  Call run(const std::string& action, const How& how);
  void note(const Call& call);
  void note_deed(const std::string& what, const std::map<pid_t, Process>& processes);
  [[nodiscard]] std::chrono::milliseconds patience(std::chrono::milliseconds of_the_agent) const;
  void judge(const Call& call);
  [[nodiscard]] std::string consequence(const Call& call, const Codes& expected) const;
  [[nodiscard]] const cluster::Cluster& cluster_of(User user);

  const Subject& subject_;
  std::chrono::steady_clock::time_point begin_;
  std::string scratch_;  // a directory of ours, not of the surroundings
  std::optional<cluster::Cluster> as_nobody_;
  std::map<pid_t, Process> before_;
  std::mutex mutex_;  // of timeline_, to which background calls add
  conformance::Timeline timeline_;
  std::vector<conformance::Finding> findings_;
  std::string misfit_;
};

// "success (0)"
[[nodiscard]] std::string code_text(int code);
[[nodiscard]] bool is_one_of(int code, const Codes& codes);

}  // namespace contract
