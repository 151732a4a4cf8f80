#pragma once

#include "agent/host/accounts.h"
#include "agent/host/contract/contract_test.h"

#include <cstdint>
#include <functional>
#include <string>

namespace host::contract {

// A machine with root, at least one ordinary user and that user's group.
class AccountsWorld {
 public:
  virtual ~AccountsWorld() = default;

  [[nodiscard]] virtual Accounts& accounts() = 0;

  [[nodiscard]] virtual std::string user_name() = 0;
  [[nodiscard]] virtual User user() = 0;
  [[nodiscard]] virtual std::string group_name() = 0;
  [[nodiscard]] virtual std::uint32_t group() = 0;

  // Neither a user nor a group has this name.
  [[nodiscard]] virtual std::string unknown_name() = 0;
  [[nodiscard]] virtual std::uint32_t unknown_number() = 0;

  [[nodiscard]] virtual bool has_root() = 0;

  // Runs `act` with the ids of an ordinary user. Only if has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;
};

class AccountsContract : public ContractTest<AccountsWorld> {
 protected:
  [[nodiscard]] Accounts& accounts() { return world().accounts(); }
};
class PrivilegeContract : public NeedsRoot<AccountsContract> {};

}  // namespace host::contract
