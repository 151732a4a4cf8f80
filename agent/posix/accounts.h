#pragma once

#include "agent/host/accounts.h"
#include "agent/host/clock.h"
#include "agent/host/result.h"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace posix {

// An account, or the errno value that came instead of one. A group has its gid as id.
using Lookup = tl::expected<host::User, int>;

// Where users or groups are looked up.
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

// Looks up a name, or the number that it is. A process of its own asks, which is killed after
// `patience`: a directory service may hang for ever. It asks twice, since not_found bans a node:
// that takes a service that says so and knows at least number 0. Anything else is `failed`.
[[nodiscard]] host::Result<host::User> look_up(const NameService& service, const std::string& name,
                                               host::Duration patience);

// /etc/passwd and /etc/group, and what they do not have: the name service.
class PosixAccounts final : public host::Accounts {
 public:
  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override;
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override;
  [[nodiscard]] std::uint32_t effective_user() const override;
};

}  // namespace posix
