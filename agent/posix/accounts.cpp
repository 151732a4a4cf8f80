#include "agent/posix/accounts.h"

#include "agent/host/errno.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace posix {
namespace {

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end) {
    return std::nullopt;
  }
  return value;
}

// getpwnam(3) and getgrnam(3) say "no such name" with a null result and, depending on the
// directory service, errno 0, ENOENT, ESRCH, EBADF or EPERM; these are not failures to ask.
host::Error lookup_error(const std::string& subject, int errno_value) {
  switch (errno_value) {
    case 0:
    case ENOENT:
    case ESRCH:
    case EBADF:
    case EPERM:
      return {.kind = host::ErrorKind::not_found, .text = subject + " is unknown on this node"};
    default:
      return host::error_from(errno_value, subject);
  }
}

}  // namespace

host::Result<host::User> PosixAccounts::find_user(const std::string& name) {
  errno = 0;
  const passwd* entry = ::getpwnam(name.c_str());
  const int first_error = errno;
  if (const auto number = parse_number(name); entry == nullptr && number) {
    errno = 0;
    entry = ::getpwuid(*number);
  }
  if (entry == nullptr) {
    return tl::unexpected(lookup_error("user " + name, first_error));
  }
  return host::User{.id = entry->pw_uid, .primary_group = entry->pw_gid};
}

host::Result<std::uint32_t> PosixAccounts::find_group(const std::string& name) {
  errno = 0;
  const group* entry = ::getgrnam(name.c_str());
  const int first_error = errno;
  if (const auto number = parse_number(name); entry == nullptr && number) {
    errno = 0;
    entry = ::getgrgid(*number);
  }
  if (entry == nullptr) {
    return tl::unexpected(lookup_error("group " + name, first_error));
  }
  return entry->gr_gid;
}

std::uint32_t PosixAccounts::effective_user() const { return ::geteuid(); }

}  // namespace posix
