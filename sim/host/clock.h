#pragma once

#include "agent/host/clock.h"
#include "sim/host/agent_process.h"

namespace sim {

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

}  // namespace sim
