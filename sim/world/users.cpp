#include "sim/world/users.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace sim {
namespace {

std::optional<std::uint32_t> number_in(const std::string& text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stopped == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<host::User> Users::find_user(const std::string& name) const {
  if (const auto found = users_.find(name); found != users_.end()) {
    return found->second;
  }
  const auto found = std::ranges::find_if(
      users_, [number = number_in(name)](const auto& user) { return user.second.id == number; });
  return found == users_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> Users::find_group(const std::string& name) const {
  if (const auto found = groups_.find(name); found != groups_.end()) {
    return found->second;
  }
  const auto found = std::ranges::find_if(
      groups_, [number = number_in(name)](const auto& group) { return group.second == number; });
  return found == groups_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace sim
