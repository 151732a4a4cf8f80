#include "agent/posix/trusted_path.h"

#include "agent/host/result.h"

#include <fcntl.h>
#include <linux/limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <deque>
#include <string_view>
#include <utility>

namespace posix {
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

constexpr mode_t others_write = S_IWGRP | S_IWOTH;

bool only_root_writes(const struct stat& status) {
  return status.st_uid == 0 && (status.st_mode & others_write) == 0;
}

host::Exposure describe(const struct stat& status, const std::string& path) {
  using To = host::Exposure::To;
  const To to = status.st_uid != 0                ? To::owner
                : (status.st_mode & S_IWOTH) != 0 ? To::everybody
                                                  : To::group;
  return {.path = path.empty() ? "/" : path,
          .to = to,
          .owner = {.user = status.st_uid, .group = status.st_gid}};
}

host::Result<std::string> link_target(int link, const std::string& path) {
  std::array<char, PATH_MAX> target = {};
  const ssize_t length = ::readlinkat(link, "", target.data(), target.size());
  if (length < 0) {
    return tl::unexpected(host::error_from(errno, path));
  }
  return std::string(target.data(), static_cast<std::size_t>(length));
}

// Follows a path, keeping the current directory open.
class Walk {
 public:
  explicit Walk(const std::string& path) : whole_(path), ahead_(split(path)) {}

  [[nodiscard]] Components& ahead() { return ahead_; }
  [[nodiscard]] Descriptor& directory() { return directory_; }

  // Who can change the path so far, or create an entry in the current directory.
  [[nodiscard]] std::optional<host::Exposure> exposure() const {
    return exposure_ || only_root_writes(status_) ? exposure_
                                                  : std::optional(describe(status_, place_));
  }

  host::Result<void> begin() {
    directory_ = Descriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    place_.clear();
    if (!directory_.is_open() || ::fstat(directory_.get(), &status_) != 0) {
      return tl::unexpected(host::error_from(errno, "/"));
    }
    // An absolute link starts here again; a path that was not trusted before it stays so.
    is_trusted_ = is_trusted_ && only_root_writes(status_);
    return {};
  }

  // Enters the directory `ahead`, or inserts the components of a link.
  host::Result<void> step() {
    const std::string name = std::move(ahead_.front());
    ahead_.pop_front();
    Descriptor next(::openat(directory_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status = {};
    if (!next.is_open() || ::fstat(next.get(), &status) != 0) {
      return tl::unexpected(host::error_from(errno, whole_));
    }
    note_exposure_of(status);
    if (S_ISLNK(status.st_mode)) {
      return follow(next, name, status);
    }
    if (!S_ISDIR(status.st_mode) && !ahead_.empty()) {
      return tl::unexpected(host::error_from(ENOTDIR, whole_));
    }
    is_trusted_ = is_trusted_ && only_root_writes(status);
    directory_ = std::move(next);
    status_ = status;
    place_ += "/" + name;
    return {};
  }

 private:
  // Records whether others can replace an entry.
  void note_exposure_of(const struct stat& entry) {
    const bool is_kept_by_sticky_bit =
        status_.st_uid == 0 && (status_.st_mode & S_ISVTX) != 0 && entry.st_uid == 0;
    if (!exposure_ && !only_root_writes(status_) && !is_kept_by_sticky_bit) {
      exposure_ = describe(status_, place_);
    }
  }

  host::Result<void> follow(const Descriptor& link, const std::string& name,
                            const struct stat& status) {
    if (!is_trusted_ || status.st_uid != 0) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_permitted,
                      .text = whole_ + ": its component " + name +
                              " is a symbolic link that users other than root can have created"});
    }
    if (++links_ > max_links) {
      return tl::unexpected(host::error_from(ELOOP, whole_));
    }
    const auto target = link_target(link.get(), whole_);
    if (!target) {
      return tl::unexpected(target.error());
    }
    Components detour = split(*target);
    ahead_.insert(ahead_.begin(), detour.begin(), detour.end());
    return target->starts_with('/') ? begin() : host::Result<void>();
  }

  const std::string& whole_;
  Components ahead_;
  Descriptor directory_;
  std::string place_;  // without links; empty at the root
  struct stat status_ = {};
  bool is_trusted_ = true;  // whether only root can have created the path
  std::optional<host::Exposure> exposure_;
  int links_ = 0;
};

}  // namespace

host::Result<Entry> open_parent(const std::string& path) {
  Walk walk(path);
  if (!path.starts_with('/') || walk.ahead().empty() || walk.ahead().back() == "..") {
    return tl::unexpected(host::Error{.text = path + ": not an absolute path of an entry"});
  }
  const std::string name = std::move(walk.ahead().back());
  walk.ahead().pop_back();
  auto done = walk.begin();
  while (done && !walk.ahead().empty()) {
    done = walk.step();
  }
  if (!done) {
    return tl::unexpected(done.error());
  }
  return Entry{.directory = std::move(walk.directory()), .name = name, .exposure = walk.exposure()};
}

host::Result<std::optional<host::Exposure>> exposure_of(const std::string& path) {
  Walk walk(path);
  auto done = walk.begin();
  while (done && !walk.ahead().empty()) {
    done = walk.step();
    // An untrusted link is in a directory that others can change, and a missing entry can be
    // created by those who can write to the directory.
    if (!done && (done.error().kind == host::ErrorKind::not_found || walk.exposure())) {
      return walk.exposure();
    }
  }
  if (!done) {
    return tl::unexpected(done.error());
  }
  return walk.exposure();
}

}  // namespace posix
