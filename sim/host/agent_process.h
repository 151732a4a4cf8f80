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

// Thrown out of whatever the agent waits for when its process has been ended. It is no error that
// the agent may handle: nothing of it goes on.
struct AgentEnded {};

// The process on the simulated machine that the agent is. All waits of the agent are its.
class AgentProcess {
 public:
  // It is a child of `parent`, in a group of its own, as the executor of the cluster starts it.
  explicit AgentProcess(Machine& machine, int parent = Processes::init, Identity identity = {});
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;
  // Ends with exit code 0 if nothing else was said.
  ~AgentProcess();

  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] const host::ProcessId& id() const { return id_; }
  // Throws AgentEnded if it has none any more.
  [[nodiscard]] Process& process();
  [[nodiscard]] const Identity& identity() const { return identity_; }
  void change_identity(Identity identity);

  // As Scheduler::pass_until. While the process is stopped, nothing is over.
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

// Guessed by whoever knows the seed.
class SimRandom final : public host::Random {
 public:
  explicit SimRandom(SeededRandom& random) : random_(random) {}

  [[nodiscard]] std::uint64_t next() override { return random_.next(); }

 private:
  SeededRandom& random_;
};

// Keeps what the agent says, and shows it in the trace.
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

  // The log takes nothing any more.
  void jam() { is_jammed_ = true; }

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  // The lines that go to standard error for the cluster, which shows the last.
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
