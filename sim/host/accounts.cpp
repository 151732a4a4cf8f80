#include "sim/host/accounts.h"

namespace sim {

host::Result<host::User> SimAccounts::find_user(const std::string& name) {
  if (const auto found = agent_.machine().users.find_user(name)) {
    return *found;
  }
  return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                    .text = "user " + name + " is unknown on this node"});
}

host::Result<std::uint32_t> SimAccounts::find_group(const std::string& name) {
  if (const auto found = agent_.machine().users.find_group(name)) {
    return *found;
  }
  return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                    .text = "group " + name + " is unknown on this node"});
}

std::uint32_t SimAccounts::effective_user() const { return agent_.identity().user; }

}  // namespace sim
