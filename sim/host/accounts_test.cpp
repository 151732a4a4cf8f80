#include "sim/host/accounts.h"

#include "agent/host/contract/accounts_contract.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

namespace sim {
namespace {

class SimAccountsWorld final : public host::contract::AccountsWorld {
 public:
  SimAccountsWorld() {
    machine_.users.add_user(user_name(), user());
    machine_.users.add_group(group_name(), group());
  }

  host::Accounts& accounts() override { return accounts_; }
  std::string user_name() override { return "kamailio"; }
  host::User user() override { return {.id = 113, .primary_group = 121}; }
  std::string group_name() override { return "sip"; }
  std::uint32_t group() override { return 122; }
  std::string unknown_name() override { return "nobody-of-that-name"; }
  std::uint32_t unknown_number() override { return 4'000'000'000; }
  bool has_root() override { return true; }
  void as_ordinary_user(const std::function<void()>& act) override {
    agent_.change_identity({.user = 113, .group = 121});
    act();
    agent_.change_identity({});
  }

 private:
  Machine machine_;
  AgentProcess agent_{machine_};
  SimAccounts accounts_{agent_};
};

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<AccountsWorld> sim_accounts = {
    "sim", [] { return std::make_unique<sim::SimAccountsWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, AccountsContract, testing::Values(sim_accounts));
INSTANTIATE_TEST_SUITE_P(Sim, PrivilegeContract, testing::Values(sim_accounts));

}  // namespace host::contract
