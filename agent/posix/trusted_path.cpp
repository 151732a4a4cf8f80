#include "agent/posix/trusted_path.h"

#include "agent/host/errno.h"

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

bool only_root_writes(const struct stat& status) {
  constexpr mode_t others_write = S_IWGRP | S_IWOTH;
  return status.st_uid == 0 && (status.st_mode & others_write) == 0;
}

// Where a walk stands: an open directory, and whether only root can have shaped the way to it.
struct Place {
  Descriptor directory;
  bool trusted = false;
};

host::Result<Place> root_directory() {
  Place place{.directory = Descriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC))};
  struct stat status = {};
  if (!place.directory.is_open() || ::fstat(place.directory.get(), &status) != 0) {
    return tl::unexpected(host::error_from(errno, "/"));
  }
  place.trusted = only_root_writes(status);
  return place;
}

host::Result<std::string> link_target(int link, const std::string& path) {
  std::array<char, PATH_MAX> target = {};
  const ssize_t length = ::readlinkat(link, "", target.data(), target.size());
  if (length < 0) {
    return tl::unexpected(host::error_from(errno, path));
  }
  return std::string(target.data(), static_cast<std::size_t>(length));
}

}  // namespace

host::Result<Entry> open_parent(const std::string& path) {
  Components ahead = split(path);
  if (!path.starts_with('/') || ahead.empty() || ahead.back() == "..") {
    return tl::unexpected(host::Error{.text = path + ": not an absolute path of an entry"});
  }
  const std::string name = std::move(ahead.back());
  ahead.pop_back();

  auto place = root_directory();
  for (int links = 0; place && !ahead.empty();) {
    const std::string step = std::move(ahead.front());
    ahead.pop_front();
    Descriptor next(
        ::openat(place->directory.get(), step.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status = {};
    if (!next.is_open() || ::fstat(next.get(), &status) != 0) {
      return tl::unexpected(host::error_from(errno, path));
    }
    if (S_ISDIR(status.st_mode)) {
      place->trusted = place->trusted && only_root_writes(status);
      place->directory = std::move(next);
      continue;
    }
    if (!S_ISLNK(status.st_mode)) {
      return tl::unexpected(host::error_from(ENOTDIR, path));
    }
    if (!place->trusted || status.st_uid != 0) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_permitted,
                      .text = path + ": its component " + step +
                              " is a symbolic link that others than root can have put there"});
    }
    if (++links > max_links) {
      return tl::unexpected(host::error_from(ELOOP, path));
    }
    const auto target = link_target(next.get(), path);
    if (!target) {
      return tl::unexpected(target.error());
    }
    Components detour = split(*target);
    ahead.insert(ahead.begin(), detour.begin(), detour.end());
    if (target->starts_with('/')) {
      place = root_directory();
    }
  }
  if (!place) {
    return tl::unexpected(place.error());
  }
  return Entry{.directory = std::move(place->directory), .name = name};
}

}  // namespace posix
