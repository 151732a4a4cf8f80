#include "sim/host/file_system.h"

#include "agent/host/errno.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <string_view>
#include <utility>

namespace sim {
namespace {

constexpr int max_links = 40;  // as in path_resolution(7)

using Components = std::deque<std::string>;

Components split(std::string_view path) {
  Components components;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    if (!name.empty() && name != ".") {
      components.emplace_back(name);
    }
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return components;
}

host::FileType type_of(Inode::Type type) {
  switch (type) {
    case Inode::Type::regular:
      return host::FileType::regular;
    case Inode::Type::directory:
      return host::FileType::directory;
    case Inode::Type::symbolic_link:
      return host::FileType::symbolic_link;
    case Inode::Type::fifo:
      return host::FileType::fifo;
    case Inode::Type::socket:
    case Inode::Type::zero_device:
    case Inode::Type::null_device:
      break;
  }
  return host::FileType::other;
}

host::Result<host::FileStatus> status_from(const Errno<FileStat>& stat, const std::string& path) {
  if (!stat) {
    return tl::unexpected(host::error_from(stat.error(), path));
  }
  return host::FileStatus{.type = type_of(stat->type), .size = stat->size};
}

host::Result<void> removal_from(const Errno<void>& removal, const std::string& path) {
  if (removal) {
    return {};
  }
  auto error = host::error_from(removal.error(), path);
  // "Not a directory" is about the entry itself here, which does exist.
  if (removal.error() == ENOTDIR || removal.error() == EISDIR) {
    error.kind = host::ErrorKind::failed;
  }
  return tl::unexpected(std::move(error));
}

bool only_root_writes(const FileStat& stat) {
  constexpr unsigned others_write = 022;
  return stat.owner.user == 0 && (stat.mode & others_write) == 0;
}

// A walk that follows a symbolic link only where root alone can have put it; see
// host::FileSystem for the rule.
class TrustedWalk {
 public:
  TrustedWalk(const Files& files, const Identity& identity, const std::string& path)
      : files_(files), identity_(identity), path_(path) {}

  // The path of the last component without a link on the way.
  host::Result<std::string> find_entry() {
    ahead_ = split(path_);
    if (!path_.starts_with('/') || ahead_.empty() || ahead_.back() == "..") {
      return tl::unexpected(host::Error{.text = path_ + ": not an absolute path of an entry"});
    }
    const std::string name = std::move(ahead_.back());
    ahead_.pop_back();
    for (auto done = begin_at_root(); !done || !ahead_.empty(); done = take_step()) {
      if (!done) {
        return tl::unexpected(done.error());
      }
    }
    return place_ + "/" + name;
  }

 private:
  host::Result<void> begin_at_root() {
    place_.clear();
    const auto stat = files_.lstat("/", identity_);
    if (!stat) {
      return tl::unexpected(host::error_from(stat.error(), "/"));
    }
    is_trusted_ = only_root_writes(*stat);
    return {};
  }

  host::Result<void> take_step() {
    const std::string name = std::move(ahead_.front());
    ahead_.pop_front();
    const std::string next = place_ + "/" + name;
    const auto stat = files_.lstat(next, identity_);
    if (!stat) {
      return tl::unexpected(host::error_from(stat.error(), path_));
    }
    if (stat->type == Inode::Type::directory) {
      is_trusted_ = is_trusted_ && only_root_writes(*stat);
      place_ = next;
      return {};
    }
    if (stat->type != Inode::Type::symbolic_link) {
      return tl::unexpected(host::error_from(ENOTDIR, path_));
    }
    if (!is_trusted_ || stat->owner.user != 0) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_permitted,
                      .text = path_ + ": its component " + name +
                              " is a symbolic link that others than root can have put there"});
    }
    return follow(next);
  }

  host::Result<void> follow(const std::string& link) {
    if (++links_ > max_links) {
      return tl::unexpected(host::error_from(ELOOP, path_));
    }
    const auto target = files_.read_link(link, identity_);
    if (!target) {
      return tl::unexpected(host::error_from(target.error(), path_));
    }
    const auto detour = split(*target);
    ahead_.insert(ahead_.begin(), detour.begin(), detour.end());
    return target->starts_with('/') ? begin_at_root() : host::Result<void>();
  }

  const Files& files_;
  const Identity& identity_;
  const std::string& path_;
  Components ahead_;
  std::string place_;  // a directory, without links; empty at the root
  bool is_trusted_ = false;
  int links_ = 0;
};

}  // namespace

host::Result<std::string> SimFileSystem::read(const std::string& path, std::size_t limit) {
  const auto file = files_.open(path, Permission::read, identity_);
  if (!file) {
    return tl::unexpected(host::error_from(file.error(), path));
  }
  if ((*file)->type != Inode::Type::regular) {
    return tl::unexpected(host::Error{.text = path + ": not a regular file"});
  }
  auto text = files_.read(path, limit, identity_);
  if (!text) {
    return tl::unexpected(host::error_from(text.error(), path));
  }
  return *std::move(text);
}

host::Result<host::FileStatus> SimFileSystem::status(const std::string& path) {
  return status_from(files_.stat(path, identity_), path);
}

host::Result<host::FileStatus> SimFileSystem::link_status(const std::string& path) {
  return status_from(files_.lstat(path, identity_), path);
}

host::Result<void> SimFileSystem::check_access(const std::string& path, host::Access access) {
  const bool execute = access == host::Access::execute;
  const auto granted =
      files_.access(path, execute ? Permission::execute : Permission::read, identity_);
  if (!granted) {
    return tl::unexpected(host::error_from(granted.error(), path));
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

host::Result<void> SimFileSystem::remove_file(const std::string& path) {
  return find_entry(path).and_then([&](const std::string& entry) {
    return removal_from(files_.unlink(entry, identity_), path);
  });
}

host::Result<void> SimFileSystem::remove_directory(const std::string& path) {
  return find_entry(path).and_then(
      [&](const std::string& entry) { return removal_from(files_.rmdir(entry, identity_), path); });
}

host::Result<std::string> SimFileSystem::find_entry(const std::string& path) const {
  return TrustedWalk(files_, identity_, path).find_entry();
}

host::Result<void> SimFileSystem::create_directory(const std::string& path,
                                                   std::optional<host::Owner> owner) {
  std::vector<std::string> made;
  auto result = make_steps(path, owner, made);
  if (!result) {
    std::for_each(made.rbegin(), made.rend(),
                  [&](const std::string& entry) { files_.rmdir(entry, identity_); });
  }
  return result;
}

// The directory and its parents, from the top; `made` gets those that were not there.
host::Result<void> SimFileSystem::make_steps(const std::string& path,
                                             const std::optional<host::Owner>& owner,
                                             std::vector<std::string>& made) {
  const auto length = path.find_last_not_of('/') + 1;
  for (std::size_t end = 0; end < length;) {
    end = std::min(path.find('/', end + 1), length);
    const auto step = path.substr(0, end);
    if (step.ends_with('/')) {
      continue;
    }
    auto entry = find_entry(step);
    if (!entry) {
      return tl::unexpected(std::move(entry.error()));
    }
    const bool is_last = end == length;
    const auto is_new = make_directory(*entry, step, is_last ? owner : std::nullopt);
    if (!is_new) {
      return tl::unexpected(is_new.error());
    }
    if (*is_new) {
      made.push_back(*std::move(entry));
    } else if (const auto found = status(step); found && found->type != host::FileType::directory) {
      return tl::unexpected(host::Error{.text = step + ": exists and is not a directory"});
    }
  }
  return {};
}

// False if there was something already.
host::Result<bool> SimFileSystem::make_directory(const std::string& entry, const std::string& path,
                                                 const std::optional<host::Owner>& owner) {
  constexpr unsigned mode = 0755;
  const auto made = files_.mkdir(entry, mode, identity_);
  if (!made && made.error() == EEXIST) {
    return false;
  }
  if (!made) {
    return tl::unexpected(host::error_from(made.error(), path));
  }
  auto done = files_.open(entry, Permission::read, identity_).and_then([&](const auto&) {
    return files_.chmod(entry, mode, identity_);
  });
  if (done && owner) {
    done = files_.chown(entry, *owner, identity_);
  }
  if (!done) {
    files_.rmdir(entry, identity_);
    return tl::unexpected(host::error_from(done.error(), path));
  }
  return true;
}

}  // namespace sim
