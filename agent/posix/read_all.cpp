#include "agent/posix/read_all.h"

#include "agent/posix/descriptor.h"
#include "agent/posix/error.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace posix {

host::Result<std::string> read_all(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return tl::unexpected(error_from(errno, path));
  }
  std::string text;
  for (std::array<char, 4096> part = {};;) {
    const ssize_t count = ::read(file.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return tl::unexpected(error_from(errno, path));
    }
    if (count == 0) {
      return text;
    }
    text.append(part.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace posix
