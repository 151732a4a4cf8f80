#include "agent/host/result.h"

#include <cerrno>
#include <string>
#include <system_error>

namespace host {
namespace {

ErrorKind kind_of(int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
      return ErrorKind::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::not_permitted;
    case ENOTEMPTY:
    case EEXIST:
      return ErrorKind::not_empty;
    case ECONNREFUSED:
      return ErrorKind::refused;
    case ENETUNREACH:
    case EHOSTUNREACH:
      return ErrorKind::unreachable;
    case EPROTOTYPE:
      return ErrorKind::wrong_type;
    default:
      return ErrorKind::failed;
  }
}

}  // namespace

Error error_from(int errno_value, std::string_view subject) {
  return {.kind = kind_of(errno_value),
          .text = std::string(subject) + ": " + std::generic_category().message(errno_value)};
}

}  // namespace host
