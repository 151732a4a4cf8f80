#include "sim/host/file_system.h"

#include "agent/host/result.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <string_view>
#include <utility>

namespace sim {
namespace {

constexpr unsigned directory_mode = 0755;

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
  return host::FileStatus{.type = type_of(stat->type), .size = stat->size, .owner = stat->owner};
}

host::Result<void> removal_from(const Errno<void>& removal, const std::string& path) {
  if (removal) {
    return {};
  }
  auto error = host::error_from(removal.error(), path);
  // "Not a directory" refers to the entry itself here, which exists.
  if (removal.error() == ENOTDIR || removal.error() == EISDIR) {
    error.kind = host::ErrorKind::failed;
  }
  return tl::unexpected(std::move(error));
}

constexpr unsigned others_write = 022;
constexpr unsigned everybody_writes = 02;

bool only_root_writes(const FileStat& stat) {
  return stat.owner.user == 0 && (stat.mode & others_write) == 0;
}

host::Exposure describe(const FileStat& stat, const std::string& path) {
  using To = host::Exposure::To;
  const To to = stat.owner.user != 0                  ? To::owner
                : (stat.mode & everybody_writes) != 0 ? To::everybody
                                                      : To::group;
  return {.path = path.empty() ? "/" : path, .to = to, .owner = stat.owner};
}

// A path resolution that follows only symbolic links that root alone can have created; see
// host::FileSystem for the rule.
class TrustedWalk {
 public:
  TrustedWalk(const Files& files, const Identity& identity, const std::string& path)
      : files_(files), identity_(identity), path_(path), ahead_(split(path)) {}

  // The path of the last component, without links.
  host::Result<std::string> find_entry() {
    if (!path_.starts_with('/') || ahead_.empty() || ahead_.back() == "..") {
      return tl::unexpected(host::Error{.text = path_ + ": not an absolute path of an entry"});
    }
    const std::string name = std::move(ahead_.back());
    ahead_.pop_back();
    if (const auto done = take_all_steps(); !done) {
      return tl::unexpected(done.error());
    }
    return place_ + "/" + name;
  }

  host::Result<std::optional<host::Exposure>> find_exposure() {
    const auto done = take_all_steps();
    if (!done && done.error().kind != host::ErrorKind::not_found && !exposure()) {
      return tl::unexpected(done.error());
    }
    return exposure();
  }

  // Who can change the path so far, or create an entry in the current directory.
  [[nodiscard]] std::optional<host::Exposure> exposure() const {
    return exposure_ || only_root_writes(stat_) ? exposure_
                                                : std::optional(describe(stat_, place_));
  }

 private:
  host::Result<void> take_all_steps() {
    auto done = begin_at_root();
    while (done && !ahead_.empty()) {
      done = take_step();
    }
    return done;
  }

  host::Result<void> begin_at_root() {
    place_.clear();
    const auto stat = files_.lstat("/", identity_);
    if (!stat) {
      return tl::unexpected(host::error_from(stat.error(), "/"));
    }
    stat_ = *stat;
    is_trusted_ = is_trusted_ && only_root_writes(stat_);
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
    note_exposure_of(*stat);
    if (stat->type == Inode::Type::symbolic_link) {
      return follow(next, name, *stat);
    }
    if (stat->type != Inode::Type::directory && !ahead_.empty()) {
      return tl::unexpected(host::error_from(ENOTDIR, path_));
    }
    stat_ = *stat;
    is_trusted_ = is_trusted_ && only_root_writes(stat_);
    place_ = next;
    return {};
  }

  void note_exposure_of(const FileStat& entry) {
    const bool is_kept_by_sticky_bit =
        stat_.owner.user == 0 && (stat_.mode & sticky) != 0 && entry.owner.user == 0;
    if (!exposure_ && !only_root_writes(stat_) && !is_kept_by_sticky_bit) {
      exposure_ = describe(stat_, place_);
    }
  }

  host::Result<void> follow(const std::string& link, const std::string& name,
                            const FileStat& stat) {
    if (!is_trusted_ || stat.owner.user != 0) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_permitted,
                      .text = path_ + ": its component " + name +
                              " is a symbolic link that users other than root can have created"});
    }
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
  std::string place_;  // without links; empty at the root
  FileStat stat_ = {};
  bool is_trusted_ = true;
  std::optional<host::Exposure> exposure_;
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

host::Result<void> SimFileSystem::replace_file(const std::string& path, std::string_view text) {
  constexpr unsigned mode = 0600;
  return find_entry(path).and_then([&](const std::string& entry) -> host::Result<void> {
    if (auto removed = removal_from(files_.unlink(entry, identity_), path);
        !removed && removed.error().kind != host::ErrorKind::not_found) {
      return removed;
    }
    const auto written = files_.write(entry, text, Writing::replace, mode, identity_).and_then([&] {
      return files_.chmod(entry, mode, identity_);
    });
    if (!written) {
      (void)files_.unlink(entry, identity_);
      return tl::unexpected(host::error_from(written.error(), path));
    }
    return {};
  });
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

host::Result<std::optional<host::Exposure>> SimFileSystem::exposure(const std::string& path) {
  return TrustedWalk(files_, identity_, path).find_exposure();
}

host::Result<void> SimFileSystem::create_directory(const std::string& path) {
  std::vector<std::string> made;
  auto result = make_steps(path, made);
  if (!result) {
    std::for_each(made.rbegin(), made.rend(),
                  [&](const std::string& entry) { files_.rmdir(entry, identity_); });
  }
  return result;
}

host::Result<void> SimFileSystem::take_directory(const std::string& path) {
  TrustedWalk walk(files_, identity_, path);
  const auto entry = walk.find_entry();
  if (!entry) {
    return tl::unexpected(entry.error());
  }
  if (const auto exposure = walk.exposure()) {
    return tl::unexpected(
        host::Error{.kind = host::ErrorKind::not_permitted,
                    .text = path + ": owner not changed, since " + host::text_of(*exposure)});
  }
  const auto stat = files_.lstat(*entry, identity_);
  if (stat && stat->type != Inode::Type::directory) {
    return tl::unexpected(host::Error{.text = path + ": not a directory"});
  }
  const auto done =
      stat.map([](const FileStat&) {})
          .and_then([&] {
            return files_.chown(*entry, {.user = identity_.user, .group = identity_.group},
                                identity_);
          })
          .and_then([&] { return files_.chmod(*entry, directory_mode, identity_); });
  return done ? host::Result<void>() : tl::unexpected(host::error_from(done.error(), path));
}

// Creates the directory and its parents, from the top; `made` receives the new ones.
host::Result<void> SimFileSystem::make_steps(const std::string& path,
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
    const auto is_new = make_directory(*entry, step);
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

// Returns false if the path existed.
host::Result<bool> SimFileSystem::make_directory(const std::string& entry,
                                                 const std::string& path) {
  const auto made = files_.mkdir(entry, directory_mode, identity_);
  if (!made && made.error() == EEXIST) {
    return false;
  }
  if (!made) {
    return tl::unexpected(host::error_from(made.error(), path));
  }
  const auto done = files_.open(entry, Permission::read, identity_).and_then([&](const auto&) {
    return files_.chmod(entry, directory_mode, identity_);
  });
  if (!done) {
    files_.rmdir(entry, identity_);
    return tl::unexpected(host::error_from(done.error(), path));
  }
  return true;
}

}  // namespace sim
