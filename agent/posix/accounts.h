#pragma once

#include "agent/host/accounts.h"

#include <cstdint>
#include <string>

namespace posix {

// /etc/passwd and /etc/group, and what they do not have: the name service (name_service.h).
class PosixAccounts final : public host::Accounts {
 public:
  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override;
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override;
  [[nodiscard]] std::uint32_t effective_user() const override;
};

}  // namespace posix
