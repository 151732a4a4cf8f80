#include "agent/posix/read_all.h"

#include "agent/host/errno.h"
#include "agent/posix/activity.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace posix {
namespace {

// `path` is how the file is called, for whoever reads an error.
host::Result<std::string> read_to_end(const Descriptor& file, const std::string& path) {
  if (!file.is_open()) {
    return tl::unexpected(host::error_from(errno, path));
  }
  std::string text;
  for (std::array<char, 4096> part = {};;) {
    const ssize_t count = ::read(file.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return tl::unexpected(host::error_from(errno, path));
    }
    if (count == 0) {
      return text;
    }
    text.append(part.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

host::Result<std::string> read_all(const std::string& path) {
  const Activity activity("reading", path);
  return read_to_end(Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path);
}

host::Result<std::string> read_all(const Descriptor& directory, const std::string& directory_path,
                                   const std::string& name) {
  const std::string path = directory_path + "/" + name;
  const Activity activity("reading", path);
  return read_to_end(Descriptor(::openat(directory.get(), name.c_str(), O_RDONLY | O_CLOEXEC)),
                     path);
}

}  // namespace posix
