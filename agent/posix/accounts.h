#pragma once

#include "agent/host/accounts.h"
#include "agent/host/clock.h"
#include "agent/host/result.h"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace posix {

// An account, or an errno value. A group has its gid as id.
using Lookup = tl::expected<host::User, int>;

// A service that looks up users or groups.
struct NameService {
  std::string kind;  // "user" or "group"
  Lookup (*by_name)(const std::string& name);
  Lookup (*by_number)(std::uint32_t number);
};

// getpwnam(3) and getpwuid(3), getgrnam(3) and getgrgid(3): NSS, with LDAP and the like.
[[nodiscard]] const NameService& user_names();
[[nodiscard]] const NameService& group_names();

// How long a directory service may take. A healthy one answers in milliseconds.
inline constexpr std::chrono::seconds name_service_patience(5);

// Looks up a name, or a number in decimal. A child process does the look-up and is killed after
// `patience`, since a directory service may hang for ever. It asks twice, and that the service
// knows number 0, before it returns not_found, since that bans a node. Any other failure is
// `failed`.
[[nodiscard]] host::Result<host::User> look_up(const NameService& service, const std::string& name,
                                               host::Duration patience);

// Looks in /etc/passwd and /etc/group, then asks the name service.
class PosixAccounts final : public host::Accounts {
 public:
  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override;
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override;
  [[nodiscard]] std::uint32_t effective_user() const override;
};

}  // namespace posix
