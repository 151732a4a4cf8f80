#pragma once

#include "agent/host/accounts.h"
#include "agent/host/clock.h"
#include "agent/host/log.h"
#include "agent/host/random.h"
#include "sim/kernel/random.h"
#include "sim/machine/machine.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sim {

// Thrown from a wait of the agent when its process was killed. It is not an error that the agent
// may handle: nothing of the agent continues.
struct AgentEnded {};

// The process of the agent on the simulated machine, on whose behalf the agent waits.
class AgentProcess {
 public:
  // Creates it as a child of `parent`, in a process group of its own, as the cluster's executor
  // does.
  explicit AgentProcess(Machine& machine, int parent = Processes::init, Identity identity = {});
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;
  // Ends the process, with exit code 0 unless another one was set.
  ~AgentProcess();

  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] const host::ProcessId& id() const { return id_; }
  // Throws AgentEnded if the process has ended.
  [[nodiscard]] Process& process();
  [[nodiscard]] const Identity& identity() const { return identity_; }
  void change_identity(Identity identity);

  // Like Scheduler::pass_until. While the process is stopped, the wait does not end.
  bool pass_until(TimePoint deadline, const std::function<bool()>& condition);

  void exit(int code);

 private:
  Machine& machine_;
  host::ProcessId id_;
  Identity identity_;
};

// The virtual time of the machine.
class SimClock final : public host::Clock {
 public:
  explicit SimClock(AgentProcess& agent) : agent_(agent) {}

  [[nodiscard]] host::TimePoint now() const override { return agent_.machine().time.now(); }
  void sleep_until(host::TimePoint moment) override {
    agent_.pass_until(moment, [] { return false; });
  }

 private:
  AgentProcess& agent_;
};

// Predictable from the seed.
class SimRandom final : public host::Random {
 public:
  explicit SimRandom(SeededRandom& random) : random_(random) {}

  [[nodiscard]] std::uint64_t next() override { return random_.next(); }

 private:
  SeededRandom& random_;
};

// Keeps the agent's output, and writes it to the trace.
class SimLog final : public host::Log {
 public:
  explicit SimLog(AgentProcess& agent) : agent_(agent) {}

  struct Line {
    host::TimePoint at;
    host::Level level = host::Level::info;
    std::string text;
    friend bool operator==(const Line&, const Line&) = default;
  };

  void write(host::Level level, std::string_view text) override;
  void exit_reason(host::Level level, std::string_view text) override;

  // Makes the log fail.
  void jam() { is_jammed_ = true; }

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  // The lines on standard error for the cluster, which shows the last one.
  [[nodiscard]] const std::vector<std::string>& reasons() const { return reasons_; }

 private:
  AgentProcess& agent_;
  bool is_jammed_ = false;
  std::vector<Line> lines_;
  std::vector<std::string> reasons_;
};

// The users of the machine.
class SimAccounts final : public host::Accounts {
 public:
  explicit SimAccounts(AgentProcess& agent) : agent_(agent) {}

  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override;
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override;
  [[nodiscard]] std::uint32_t effective_user() const override;

 private:
  AgentProcess& agent_;
};

}  // namespace sim
