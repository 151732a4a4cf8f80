#pragma once

#include "agent/host/result.h"

#include <cstdint>
#include <string>

namespace host {

struct User {
  std::uint32_t id = 0;             // uid
  std::uint32_t primary_group = 0;  // gid

  friend bool operator==(const User&, const User&) = default;
};

enum class Privilege { root, ordinary };

// The users and groups of the node, as getpwnam(3) and getgrnam(3) find them: through NSS, so LDAP
// and the like count. Errors: not_found; failed when a directory service does not respond.
class Accounts {
 public:
  virtual ~Accounts() = default;

  // By name, or by a decimal uid of a known user.
  [[nodiscard]] virtual Result<User> find_user(const std::string& name) = 0;

  // The gid, by name, or by a decimal gid of a known group.
  [[nodiscard]] virtual Result<std::uint32_t> find_group(const std::string& name) = 0;

  // Whether this process is root (effective uid 0).
  [[nodiscard]] Privilege privilege() const {
    return effective_user() == 0 ? Privilege::root : Privilege::ordinary;
  }

  // The effective uid of this process.
  [[nodiscard]] virtual std::uint32_t effective_user() const = 0;
};

}  // namespace host
