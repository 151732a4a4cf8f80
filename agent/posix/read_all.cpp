#include "agent/posix/read_all.h"

#include "agent/posix/error.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace posix {
namespace {

host::Result<std::string> read_all_in(int directory, const char* name) {
  const Descriptor file(::openat(directory, name, O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return tl::unexpected(error_from(errno, name));
  }
  std::string text;
  for (std::array<char, 4096> part = {};;) {
    const ssize_t count = ::read(file.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return tl::unexpected(error_from(errno, name));
    }
    if (count == 0) {
      return text;
    }
    text.append(part.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

host::Result<std::string> read_all(const std::string& path) {
  return read_all_in(AT_FDCWD, path.c_str());
}

host::Result<std::string> read_all(const Descriptor& directory, const char* name) {
  return read_all_in(directory.get(), name);
}

}  // namespace posix
