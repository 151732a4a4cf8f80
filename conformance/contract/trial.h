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

// Parameters of a call that differ from an ordinary one.
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

// A call of an action, and its result.
struct Call {
  std::string step;  // "monitor, check level 10"
  std::string action;
  cluster::Result result;
};

// A run of one check: calls the agent, compares results with expectations, and keeps the findings.
// It does not clean up, so each trial needs surroundings of its own.
//
// Every call must meet the general rules: the agent returns before the timeout (twice the advised
// one, so that a slow machine does not fail an agent), with an exit code of OCF 1.1.
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
  // Calls in the background; `finish` judges the result.
  [[nodiscard]] std::future<Call> call_in_background(const std::string& action,
                                                     const How& how = {});
  Call finish(std::future<Call> future);

  // Starts the resource as a precondition. If that fails, the check is skipped: another check
  // covers the start.
  [[nodiscard]] bool started(const How& how = {});
  // Starts and promotes the resource as a precondition.
  [[nodiscard]] bool has_promoted();
  // Whether this is root and an ordinary user can execute the agent.
  [[nodiscard]] bool can_be_nobody();

  // Each returns whether the expectation holds, and adds a finding if it does not.
  bool expect_code(const Call& call, const Codes& codes, const std::string& rule = "the exit code");
  bool expect_monitor(const Codes& codes, const How& how = {});
  bool expect(const Call& call, bool holds, const std::string& rule, const std::string& expected,
              const std::string& seen, const std::string& consequence = "");
  bool expect_none(const Call& call, const std::vector<std::string>& found, const std::string& rule,
                   const std::string& consequence);

  // Skips the check for this agent. Existing findings still count.
  void does_not_fit(const std::string& reason);
  // Skips the check and drops its findings.
  void withdraw(const std::string& reason);

  // Polls until the condition holds, for at most this time of the real clock: the kernel needs real
  // time to end a process.
  static bool eventually(std::chrono::milliseconds patience, const std::function<bool()>& holds);

  [[nodiscard]] Snapshot look() const;
  // Living processes that were started since the trial began.
  [[nodiscard]] std::map<pid_t, Process> processes() const;
  // The same, after processes that are about to end have ended.
  [[nodiscard]] std::map<pid_t, Process> lasting_processes(
      const std::map<pid_t, Process>& expected = {}) const;
  // Those of `before` that are dead. Waits a moment, because a killed process needs time to die.
  [[nodiscard]] std::map<pid_t, Process> lost_processes(
      const std::map<pid_t, Process>& before) const;
  // Sends SIGSTOP. Returns when the processes have stopped, because the kernel may deliver two
  // pending signals in reverse order.
  void freeze(const std::map<pid_t, Process>& processes);
  // Sends SIGKILL. Returns when the processes are reaped, because an agent may treat a zombie as
  // alive.
  void kill(const std::map<pid_t, Process>& processes);

  // The largest timeout that the meta-data advise for an action; 20 s by default.
  [[nodiscard]] std::chrono::milliseconds advised_timeout(const std::string& action) const;

  [[nodiscard]] const std::vector<conformance::Finding>& findings() const { return findings_; }
  [[nodiscard]] const std::string& misfit() const { return misfit_; }
  [[nodiscard]] const conformance::Timeline& timeline() const { return timeline_; }
  [[nodiscard]] host::Duration now() const;  // since the beginning, in the agent's time

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
  std::string scratch_;  // a directory outside of the surroundings
  std::optional<cluster::Cluster> as_nobody_;
  std::map<pid_t, Process> before_;
  std::mutex mutex_;  // guards timeline_, to which background calls add
  conformance::Timeline timeline_;
  std::vector<conformance::Finding> findings_;
  std::string misfit_;
};

// "success (0)"
[[nodiscard]] std::string code_text(int code);
[[nodiscard]] bool is_one_of(int code, const Codes& codes);

}  // namespace contract
