#include "agent/posix/file_system.h"

#include "agent/host/result.h"
#include "agent/posix/activity.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/read_write.h"
#include "agent/posix/trusted_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
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
  const Activity activity("looking at", path);
  struct stat status = {};
  if (::fstatat(AT_FDCWD, path.c_str(), &status, flags) != 0) {
    return tl::unexpected(host::error_from(errno, path));
  }
  return host::FileStatus{.type = type_of(status.st_mode),
                          .size = static_cast<std::uint64_t>(status.st_size),
                          .owner = {.user = status.st_uid, .group = status.st_gid}};
}

host::Result<void> remove(const Entry& entry, const std::string& path, int flags) {
  if (::unlinkat(entry.directory.get(), entry.name.c_str(), flags) == 0) {
    return {};
  }
  // ENOTDIR refers to the entry itself here, which does exist.
  if (errno == ENOTDIR || errno == EISDIR) {
    return tl::unexpected(host::Error{.text = host::error_from(errno, path).text});
  }
  return tl::unexpected(host::error_from(errno, path));
}

host::Result<void> remove(const std::string& path, int flags) {
  const Activity activity("removing", path);
  const auto entry = open_parent(path);
  return entry ? remove(*entry, path, flags) : tl::unexpected(entry.error());
}

// The directories that a call has created so far, so that a failure can remove them.
class Made {
 public:
  Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  ~Made() {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      ::unlinkat(entry->directory.get(), entry->name.c_str(), AT_REMOVEDIR);
    }
  }

  void add(Entry entry) { entries_.push_back(std::move(entry)); }
  void keep() { entries_.clear(); }

 private:
  std::vector<Entry> entries_;
};

constexpr mode_t directory_mode = 0755;

// Opens the directory itself, even if its name is meanwhile given to another file.
Descriptor open_directory(const Entry& entry) {
  return Descriptor(::openat(entry.directory.get(), entry.name.c_str(),
                             O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// Creates a directory in an open directory. False if the name exists already.
host::Result<bool> make_directory(const Entry& entry, const std::string& path) {
  if (::mkdirat(entry.directory.get(), entry.name.c_str(), directory_mode) != 0) {
    if (errno == EEXIST) {
      return false;
    }
    return tl::unexpected(host::error_from(errno, path));
  }
  const auto made = open_directory(entry);
  if (!made.is_open() || ::fchmod(made.get(), directory_mode) != 0) {
    auto error = host::error_from(errno, path);
    ::unlinkat(entry.directory.get(), entry.name.c_str(), AT_REMOVEDIR);
    return tl::unexpected(std::move(error));
  }
  return true;
}

}  // namespace

host::Result<std::string> PosixFileSystem::read(const std::string& path, std::size_t limit) {
  const Activity activity("reading", path);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status = {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return tl::unexpected(host::error_from(errno, path));
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
      return tl::unexpected(host::error_from(errno, path));
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
  const Activity activity("looking at", path);
  const bool execute = access == host::Access::execute;
  if (::faccessat(AT_FDCWD, path.c_str(), execute ? X_OK : R_OK, AT_EACCESS) != 0) {
    return tl::unexpected(host::error_from(errno, path));
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

host::Result<std::optional<host::Exposure>> PosixFileSystem::exposure(const std::string& path) {
  const Activity activity("looking at", path);
  return exposure_of(path);
}

host::Result<void> PosixFileSystem::create_directory(const std::string& path) {
  const Activity activity("making", path);
  const std::size_t length = path.find_last_not_of('/') + 1;
  Made made;
  for (std::size_t end = 0; end < length;) {
    end = std::min(path.find('/', end + 1), length);
    const std::string step = path.substr(0, end);
    if (step.ends_with('/')) {
      continue;
    }
    auto entry = open_parent(step);
    if (!entry) {
      return tl::unexpected(entry.error());
    }
    const auto is_new = make_directory(*entry, step);
    if (!is_new) {
      return tl::unexpected(is_new.error());
    }
    if (*is_new) {
      made.add(*std::move(entry));
    } else if (const auto found = status(step); found && found->type != host::FileType::directory) {
      return tl::unexpected(host::Error{.text = step + ": exists and is not a directory"});
    }
  }
  made.keep();
  return {};
}

host::Result<void> PosixFileSystem::take_directory(const std::string& path) {
  const Activity activity("changing the owner of", path);
  const auto entry = open_parent(path);
  if (!entry) {
    return tl::unexpected(entry.error());
  }
  if (entry->exposure) {
    return tl::unexpected(host::Error{
        .kind = host::ErrorKind::not_permitted,
        .text = path + ": owner not changed, since " + host::text_of(*entry->exposure)});
  }
  const auto directory = open_directory(*entry);
  if (!directory.is_open() && (errno == ELOOP || errno == ENOTDIR)) {
    return tl::unexpected(host::Error{.text = path + ": not a directory"});
  }
  if (!directory.is_open() || ::fchown(directory.get(), ::geteuid(), ::getegid()) != 0 ||
      ::fchmod(directory.get(), directory_mode) != 0) {
    return tl::unexpected(host::error_from(errno, path));
  }
  return {};
}

host::Result<void> PosixFileSystem::replace_file(const std::string& path, std::string_view text) {
  const Activity activity("writing", path);
  constexpr mode_t mode = S_IRUSR | S_IWUSR;
  const auto entry = open_parent(path);
  if (!entry) {
    return tl::unexpected(entry.error());
  }
  const auto& [directory, name, exposure] = *entry;
  if (auto removed = remove(*entry, path, 0);
      !removed && removed.error().kind != host::ErrorKind::not_found) {
    return removed;
  }
  // O_EXCL: nobody can make it another file meanwhile.
  const Descriptor file(::openat(directory.get(), name.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file.is_open()) {
    return tl::unexpected(host::error_from(errno, path));
  }
  auto done = write_all(file, text);
  if (done && ::fchmod(file.get(), mode) != 0) {
    done = tl::unexpected(errno);
  }
  if (!done) {
    ::unlinkat(directory.get(), name.c_str(), 0);
    return tl::unexpected(host::error_from(done.error(), path));
  }
  return {};
}

host::Result<void> PosixFileSystem::remove_file(const std::string& path) { return remove(path, 0); }

host::Result<void> PosixFileSystem::remove_directory(const std::string& path) {
  return remove(path, AT_REMOVEDIR);
}

}  // namespace posix
