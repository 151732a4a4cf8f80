#pragma once

#include "agent/host/accounts.h"
#include "sim/host/agent_process.h"

#include <string>

namespace sim {

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
