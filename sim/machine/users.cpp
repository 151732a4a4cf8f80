#include "sim/machine/users.h"

#include "agent/base/number.h"

#include <algorithm>

namespace sim {
std::optional<host::User> Users::find_user(const std::string& name) const {
  if (const auto found = users_.find(name); found != users_.end()) {
    return found->second;
  }
  const auto found =
      std::ranges::find_if(users_, [number = base::number_in<std::uint32_t>(name)](
                                       const auto& user) { return user.second.id == number; });
  return found == users_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> Users::find_group(const std::string& name) const {
  if (const auto found = groups_.find(name); found != groups_.end()) {
    return found->second;
  }
  const auto found =
      std::ranges::find_if(groups_, [number = base::number_in<std::uint32_t>(name)](
                                        const auto& group) { return group.second == number; });
  return found == groups_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace sim
