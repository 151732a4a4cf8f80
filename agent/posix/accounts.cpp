#include "agent/posix/accounts.h"

#include "agent/base/number.h"
#include "agent/posix/name_service.h"
#include "agent/posix/read_all.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace posix {
namespace {

// A field of a line of passwd(5) or group(5).
std::optional<std::uint32_t> number_in(std::string_view line, std::size_t field) {
  for (; field > 0 && !line.empty(); --field) {
    line.remove_prefix(std::min(line.find(':'), line.size() - 1) + 1);
  }
  return base::number_in<std::uint32_t>(line.substr(0, line.find(':')));
}

// The line of a local file for a name, or an empty text. A name ends where a field does.
std::string local_line(const std::string& path, const std::string& name) {
  const bool is_name = !name.empty() && name.find_first_of(":\n") == std::string::npos;
  const auto text = is_name ? "\n" + read_all(path).value_or("") : std::string();
  const auto begin = text.find("\n" + name + ":");
  return begin == std::string::npos
             ? std::string()
             : text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

}  // namespace

// Kamailio's own user stands in the local file almost everywhere, and to read that needs no other
// process and nobody's answer.
host::Result<host::User> PosixAccounts::find_user(const std::string& name) {
  const auto line = local_line("/etc/passwd", name);
  const auto id = number_in(line, 2);
  const auto group = number_in(line, 3);
  if (id && group) {
    return host::User{.id = *id, .primary_group = *group};
  }
  return look_up(user_names(), name, name_service_patience);
}

host::Result<std::uint32_t> PosixAccounts::find_group(const std::string& name) {
  if (const auto id = number_in(local_line("/etc/group", name), 2)) {
    return *id;
  }
  const auto found = look_up(group_names(), name, name_service_patience);
  return found ? host::Result<std::uint32_t>(found->id) : tl::unexpected(found.error());
}

std::uint32_t PosixAccounts::effective_user() const { return ::geteuid(); }

}  // namespace posix
