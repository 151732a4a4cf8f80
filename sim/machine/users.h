#pragma once

#include "agent/host/accounts.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sim {

// /etc/passwd and /etc/group of the machine. root is always there.
class Users {
 public:
  void add_user(const std::string& name, host::User user) { users_[name] = user; }
  void add_group(const std::string& name, std::uint32_t id) { groups_[name] = id; }

  // Finds one by name, or by the decimal number of a known id.
  [[nodiscard]] std::optional<host::User> find_user(const std::string& name) const;
  [[nodiscard]] std::optional<std::uint32_t> find_group(const std::string& name) const;

 private:
  std::map<std::string, host::User> users_ = {{"root", {.id = 0, .primary_group = 0}}};
  std::map<std::string, std::uint32_t> groups_ = {{"root", 0}};
};

}  // namespace sim
