#include "sim/machine/files_place.h"

#include <cerrno>
#include <stdexcept>
#include <utility>

// Path resolution: path_resolution(7).

namespace sim {
namespace {

using InodePointer = std::shared_ptr<Inode>;

constexpr std::size_t max_name = 255;  // NAME_MAX

void check_spelling(std::string_view path) {
  if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) {
    throw std::logic_error("not an absolute path: '" + std::string(path) + "'");
  }
}

}  // namespace

Files::Place Files::look_in(const InodePointer& directory, const Step& step) const {
  Place place{.directory = directory, .name = std::string(step.name)};
  place.is_entry = !step.name.empty() && step.name != "." && step.name != "..";
  place.must_be_directory = !place.is_entry || step.has_slash;
  if (place.is_entry) {
    const auto found = directory->entries.find(step.name);
    place.inode = found != directory->entries.end() ? found->second : nullptr;
    return place;
  }
  const auto parent = step.name == ".." ? directory->parent.lock() : nullptr;
  place.inode = parent ? parent : directory;
  return place;
}

// The state of a path resolution. The rest may be part of a link's target.
struct Files::Way {
  InodePointer directory;
  std::string_view rest;
  std::string detour;
  int links = 0;
};

bool Files::is_followed(LastLink link, const Step& step) {
  switch (link) {
    case LastLink::followed:
      return true;
    case LastLink::followed_without_slash:
      return !step.has_slash;
    case LastLink::kept:
      return step.has_slash;
    case LastLink::never_followed:
      break;
  }
  return false;
}

int Files::go_through(Place& place, Way& way, const FileFaults& faults) const {
  if (!place.inode) {
    return ENOENT;
  }
  if (place.is_directory()) {
    way.directory = std::move(place.inode);
    return 0;
  }
  if (!place.is_link()) {
    return ENOTDIR;
  }
  if (const int error = place.fault_at(FileCall::follow, faults); error != 0) {
    return error;
  }
  if (++way.links > max_links) {
    return ELOOP;
  }
  way.detour = place.inode->text + std::string(way.rest);
  way.rest = way.detour;
  if (way.detour.starts_with('/')) {
    way.directory = root_;
  }
  return 0;
}

Errno<Files::Place> Files::walk(const std::string& path, LastLink last, const Identity& who,
                                const FileFaults& faults) const {
  check_spelling(path);
  if (path.size() > max_path) {
    return tl::unexpected(ENAMETOOLONG);
  }
  Way way{.directory = root_, .rest = path};
  while (true) {
    const auto step = Step::take_from(way.rest);
    if (!step.name.empty() && !may(*way.directory, Permission::execute, who)) {
      return tl::unexpected(EACCES);
    }
    if (step.name.size() > max_name) {
      return tl::unexpected(ENAMETOOLONG);
    }
    auto place = look_in(way.directory, step);
    if (step.is_last && !(place.is_link() && is_followed(last, step))) {
      return place;
    }
    if (const int error = go_through(place, way, faults); error != 0) {
      return tl::unexpected(error);
    }
  }
}

Errno<Files::Place> Files::walk_to(const std::string& path, LastLink last, FileCall call,
                                   const Identity& who) const {
  auto place = walk(path, last, who, faults_);
  const int error = place ? place->fault_at(call, faults_) : 0;
  if (error != 0) {
    return tl::unexpected(error);
  }
  return place;
}

Errno<Files::Place> Files::find(const std::string& path, LastLink last, FileCall call,
                                const Identity& who) const {
  auto place = walk_to(path, last, call, who);
  if (place && !place->inode) {
    return tl::unexpected(ENOENT);
  }
  if (place && place->must_be_directory && !place->is_directory()) {
    return tl::unexpected(ENOTDIR);
  }
  return place;
}

Errno<Files::Place> Files::find_to_remove(const std::string& path, FileCall call,
                                          const Identity& who) const {
  auto place = walk_to(path, LastLink::never_followed, call, who);
  if (!place || !place->is_entry) {
    return place;
  }
  if (storage_of(*place->directory) == Storage::read_only) {
    return tl::unexpected(EROFS);
  }
  if (!place->inode) {
    return tl::unexpected(ENOENT);
  }
  if (call == FileCall::unlink && place->must_be_directory) {
    return tl::unexpected(place->is_directory() ? EISDIR : ENOTDIR);
  }
  if (const int error = place->error_of_removal(who); error != 0) {
    return tl::unexpected(error);
  }
  return place;
}

Files::Place Files::find_behind_back(const std::string& path) const {
  auto place = walk(path, LastLink::kept, root_user, no_faults);
  if (!place || !place->inode) {
    throw std::logic_error(path + ": no such file");
  }
  return *std::move(place);
}

std::string Files::place_of(std::string_view path) const {
  check_spelling(path);
  const auto length = path.find_last_not_of('/') + 1;
  if (length == 0) {
    return "/";
  }
  path = path.substr(0, length);
  const auto slash = path.rfind('/');
  const auto name = path.substr(slash + 1);
  if (name == "." || name == "..") {
    throw std::logic_error(std::string(path) + ": expected the name of a file");
  }
  if (slash == 0) {
    return std::string(path);
  }
  const std::string parent(path.substr(0, slash));
  const auto found = walk(parent, LastLink::followed, root_user, no_faults);
  const bool exists = found && found->inode && found->is_directory();
  const auto place = exists ? way_to(*found->inode) : place_of(parent);
  return place + "/" + std::string(name);
}

}  // namespace sim
