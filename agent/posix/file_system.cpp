#include "agent/posix/file_system.h"

#include "agent/posix/descriptor.h"
#include "agent/posix/error.h"
#include "agent/posix/trusted_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

namespace posix {
namespace {

host::FileType type_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return host::FileType::regular;
    case S_IFDIR:
      return host::FileType::directory;
    case S_IFLNK:
      return host::FileType::symbolic_link;
    case S_IFIFO:
      return host::FileType::fifo;
    default:
      return host::FileType::other;
  }
}

host::Result<host::FileStatus> status_of(const std::string& path, int flags) {
  struct stat status = {};
  if (::fstatat(AT_FDCWD, path.c_str(), &status, flags) != 0) {
    return tl::unexpected(error_from(errno, path));
  }
  return host::FileStatus{.type = type_of(status.st_mode),
                          .size = static_cast<std::uint64_t>(status.st_size)};
}

host::Result<void> remove(const std::string& path, int flags) {
  const auto entry = open_parent(path);
  if (!entry) {
    return tl::unexpected(entry.error());
  }
  if (::unlinkat(entry->directory.get(), entry->name.c_str(), flags) == 0) {
    return {};
  }
  // "Not a directory" is about the entry itself here, which does exist.
  if (errno == ENOTDIR || errno == EISDIR) {
    return tl::unexpected(host::Error{.text = error_from(errno, path).text});
  }
  return tl::unexpected(error_from(errno, path));
}

// Not by a link that somebody put in its place meanwhile.
Descriptor open_directory(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// The directories that a creation has made so far, so that a failure can take them back.
class Made {
 public:
  Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  ~Made() {
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) {
      ::rmdir(path->c_str());
    }
  }

  void add(std::string path) { paths_.push_back(std::move(path)); }
  [[nodiscard]] bool empty() const { return paths_.empty(); }
  void keep() { paths_.clear(); }

 private:
  std::vector<std::string> paths_;
};

}  // namespace

host::Result<std::string> PosixFileSystem::read(const std::string& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status = {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return tl::unexpected(error_from(errno, path));
  }
  if (!S_ISREG(status.st_mode)) {
    return tl::unexpected(host::Error{.text = path + ": not a regular file"});
  }
  std::string text(limit, '\0');
  std::size_t length = 0;
  while (length < limit) {
    const ssize_t count = ::read(file.get(), text.data() + length, limit - length);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return tl::unexpected(error_from(errno, path));
    }
    if (count == 0) {
      break;
    }
    length += static_cast<std::size_t>(count);
  }
  text.resize(length);
  return text;
}

host::Result<host::FileStatus> PosixFileSystem::status(const std::string& path) {
  return status_of(path, 0);
}

host::Result<host::FileStatus> PosixFileSystem::link_status(const std::string& path) {
  return status_of(path, AT_SYMLINK_NOFOLLOW);
}

host::Result<void> PosixFileSystem::check_access(const std::string& path, host::Access access) {
  const bool execute = access == host::Access::execute;
  if (::faccessat(AT_FDCWD, path.c_str(), execute ? X_OK : R_OK, AT_EACCESS) != 0) {
    return tl::unexpected(error_from(errno, path));
  }
  if (execute) {
    const auto found = status(path);
    if (found && found->type != host::FileType::regular) {
      return tl::unexpected(host::Error{.kind = host::ErrorKind::not_permitted,
                                        .text = path + ": not a regular file"});
    }
  }
  return {};
}

host::Result<void> PosixFileSystem::create_directory(const std::string& path,
                                                     std::optional<host::Owner> owner) {
  constexpr mode_t mode = 0755;
  Made made;
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string step = path.substr(0, end);
    if (step.empty() || step.ends_with('/')) {
      continue;
    }
    if (::mkdir(step.c_str(), mode) == 0) {
      made.add(step);
      const Descriptor directory = open_directory(step);
      if (!directory.is_open() || ::fchmod(directory.get(), mode) != 0) {  // the umask's part
        return tl::unexpected(error_from(errno, step));
      }
    } else if (errno == ENOTDIR) {
      return tl::unexpected(
          host::Error{.text = step + ": a component of the path is not a directory"});
    } else if (errno != EEXIST) {
      return tl::unexpected(error_from(errno, step));
    }
  }
  const auto result = status(path);
  if (!result) {
    return tl::unexpected(result.error());
  }
  if (result->type != host::FileType::directory) {
    return tl::unexpected(host::Error{.text = path + ": exists and is not a directory"});
  }
  if (owner && !made.empty()) {
    const Descriptor directory = open_directory(path);
    if (!directory.is_open() || ::fchown(directory.get(), owner->user, owner->group) != 0) {
      return tl::unexpected(error_from(errno, path));
    }
  }
  made.keep();
  return {};
}

host::Result<void> PosixFileSystem::remove_file(const std::string& path) { return remove(path, 0); }

host::Result<void> PosixFileSystem::remove_directory(const std::string& path) {
  return remove(path, AT_REMOVEDIR);
}

}  // namespace posix
