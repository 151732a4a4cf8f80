#pragma once

#include "agent/host/accounts.h"

#include <string>

namespace posix {

class PosixAccounts final : public host::Accounts {
 public:
  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override;
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override;
  [[nodiscard]] host::Privilege privilege() const override;
};

}  // namespace posix
