#include "sim/world/files.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sim {
namespace {

using Type = Inode::Type;
using InodePointer = std::shared_ptr<Inode>;

constexpr int max_links = 40;           // as in path_resolution(7)
constexpr std::size_t max_path = 4095;  // PATH_MAX has a zero byte at the end
constexpr std::size_t max_name = 255;   // NAME_MAX
constexpr unsigned all_mode_bits = 07777;
constexpr unsigned sticky = 01000;

const Identity root_user = {};
const FileFaults no_faults;

bool is_directory(const Inode& inode) { return inode.type == Type::directory; }

bool may(const Inode& inode, Permission permission, const Identity& who) {
  const auto bits = static_cast<unsigned>(permission);
  constexpr auto execute = static_cast<unsigned>(Permission::execute);
  if (who.user == 0) {
    return (bits & execute) == 0 || is_directory(inode) || (inode.mode & 0111U) != 0;
  }
  if (who.user == inode.owner.user) {
    return (inode.mode >> 6U & bits) == bits;
  }
  return ((who.group == inode.owner.group ? inode.mode >> 3U : inode.mode) & bits) == bits;
}

// To make and to remove entries.
bool may_change(const Inode& directory, const Identity& who) {
  return may(directory, Permission::write, who) && may(directory, Permission::execute, who);
}

// The directory that is the root of the mount, itself or above; nothing: the machine's own.
const Inode* mount_of(const Inode& directory) {
  if (directory.mount) {
    return &directory;
  }
  const auto parent = directory.parent.lock();
  return parent ? mount_of(*parent) : nullptr;
}

Storage storage_of(const Inode& directory) {
  const auto* mount = mount_of(directory);
  return mount != nullptr ? *mount->mount : Storage::sound;
}

bool is_in(const Inode& directory, const Inode& ancestor) {
  const auto parent = directory.parent.lock();
  return &directory == &ancestor || (parent && is_in(*parent, ancestor));
}

// Empty for the root.
std::string way_to(const Inode& directory) {
  const auto parent = directory.parent.lock();
  return parent ? way_to(*parent) + "/" + directory.name : "";
}

void empty(Inode& file) {
  file.text.clear();
  file.program.clear();
  file.interpreter.clear();
}

void empty_all(Inode& directory) {
  for (const auto& [name, inode] : directory.entries) {
    empty_all(*inode);
    inode->parent.reset();
  }
  directory.entries.clear();
}

Errno<void> as_result(int error) {
  if (error != 0) {
    return tl::unexpected(error);
  }
  return {};
}

FileStat stat_of(const Inode& inode) {
  constexpr std::uint64_t directory_size = 4096;
  return {.type = inode.type,
          .mode = inode.mode,
          .owner = inode.owner,
          .size = is_directory(inode) ? directory_size : inode.text.size()};
}

void check_spelling(std::string_view path) {
  if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) {
    throw std::logic_error("not an absolute path: '" + std::string(path) + "'");
  }
}

[[noreturn]] void refuse_to_wait(const std::string& path) {
  throw std::logic_error(path + ": this would have to wait, or never end");
}

bool covers(const std::string& place, FileFault::Reach reach, std::string_view other) {
  if (reach == FileFault::Reach::entry || !other.starts_with(place)) {
    return place == other;
  }
  return place == "/" || other.size() == place.size() || other[place.size()] == '/';
}

}  // namespace

void FileFaults::add(std::string place, FileFault fault) {
  faults_.push_back({.place = std::move(place), .fault = fault});
}

bool FileFaults::remove(std::string_view place) {
  return std::erase_if(faults_, [&](const Placed& fault) { return fault.place == place; }) > 0;
}

int FileFaults::error_of(FileCall call, std::string_view place) const {
  const auto found = std::find_if(faults_.rbegin(), faults_.rend(), [&](const Placed& placed) {
    return placed.fault.call.value_or(call) == call &&
           covers(placed.place, placed.fault.reach, place);
  });
  return found != faults_.rend() ? found->fault.error : 0;
}

// One component of a path.
struct Files::Step {
  std::string_view name;
  bool is_last = false;
  bool has_slash = false;  // after the last one

  // Takes it from the path. The name is empty if there is nothing but slashes.
  static Step take_from(std::string_view& path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    Step step{.name = path.substr(0, path.find('/'))};
    path.remove_prefix(step.name.size());
    step.is_last = path.find_first_not_of('/') == std::string_view::npos;
    step.has_slash = step.is_last && !path.empty();
    return step;
  }
};

// What a path names, whether it exists or not.
struct Files::Place {
  InodePointer directory;
  std::string name;
  InodePointer inode;              // nothing: there is none of this name
  bool must_be_directory = false;  // the path says so
  // The path ends in "/", "." or "..": a directory by itself and not an entry of another one.
  bool is_entry = true;

  [[nodiscard]] std::string path() const {
    const auto path = is_entry ? way_to(*directory) + "/" + name : way_to(*inode);
    return path.empty() ? "/" : path;
  }

  [[nodiscard]] bool is_directory() const { return inode->type == Type::directory; }
  [[nodiscard]] bool is_link() const { return inode && inode->type == Type::symbolic_link; }

  [[nodiscard]] Storage storage() const {
    return storage_of(inode && is_directory() ? *inode : *directory);
  }

  [[nodiscard]] int fault_at(FileCall call, const FileFaults& faults) const {
    return faults.is_empty() ? 0 : faults.error_of(call, path());
  }

  // To whom the inode belongs, where something of it may be changed.
  [[nodiscard]] int error_of_change(const Identity& who) const {
    if (storage() == Storage::read_only) {
      return EROFS;
    }
    return who.user == 0 || who.user == inode->owner.user ? 0 : EPERM;
  }

  [[nodiscard]] int error_of_use(Permission permission, const Identity& who) const {
    const auto bits = static_cast<unsigned>(permission);
    const bool writes = (bits & static_cast<unsigned>(Permission::write)) != 0;
    const bool is_stored = is_directory() || inode->type == Type::regular;
    if (writes && is_stored && storage() == Storage::read_only) {
      return EROFS;
    }
    return may(*inode, permission, who) ? 0 : EACCES;
  }

  [[nodiscard]] int error_of_open(Permission permission, const Identity& who) const {
    const auto bits = static_cast<unsigned>(permission);
    if (is_directory() && (bits & static_cast<unsigned>(Permission::write)) != 0) {
      return EISDIR;
    }
    if (permission == Permission::execute && inode->type != Type::regular) {
      return EACCES;
    }
    return error_of_use(permission, who);
  }

  [[nodiscard]] int error_of_making(const Identity& who) const {
    if (storage_of(*directory) == Storage::read_only) {
      return EROFS;
    }
    if (!may_change(*directory, who)) {
      return EACCES;
    }
    return storage_of(*directory) == Storage::full ? ENOSPC : 0;
  }

  [[nodiscard]] int error_of_removal(const Identity& who) const {
    if (!may_change(*directory, who)) {
      return EACCES;
    }
    const bool is_free = (directory->mode & sticky) == 0 || who.user == 0 ||
                         who.user == directory->owner.user || who.user == inode->owner.user;
    return is_free ? 0 : EPERM;
  }

  // Of a rename, without asking who does it.
  [[nodiscard]] int error_of_renaming_to(const Place& target) const {
    if (mount_of(*directory) != mount_of(*target.directory)) {
      return EXDEV;
    }
    if (!is_entry || !target.is_entry) {
      return EBUSY;
    }
    if (storage_of(*directory) == Storage::read_only) {
      return EROFS;
    }
    if (!inode) {
      return ENOENT;
    }
    if (!is_directory() && (must_be_directory || target.must_be_directory)) {
      return ENOTDIR;
    }
    if (is_directory() && is_in(*target.directory, *inode)) {
      return EINVAL;
    }
    return target.inode && is_in(*directory, *target.inode) ? ENOTEMPTY : 0;
  }

  [[nodiscard]] int error_of_moving_to(const Place& target, const Identity& who) const {
    if (const int error = error_of_removal(who); error != 0) {
      return error;
    }
    if (const int error = target.error_of_being_replaced_by(*inode, who); error != 0) {
      return error;
    }
    // Its ".." changes.
    const bool changes = is_directory() && directory != target.directory;
    if (changes && !may(*inode, Permission::write, who)) {
      return EACCES;
    }
    if (inode->mount || (target.inode && target.inode->mount)) {
      return EBUSY;
    }
    return target.inode && !target.inode->entries.empty() ? ENOTEMPTY : 0;
  }

  [[nodiscard]] int error_of_being_replaced_by(const Inode& other, const Identity& who) const {
    if (!inode) {
      return may_change(*directory, who) ? 0 : EACCES;
    }
    if (const int error = error_of_removal(who); error != 0) {
      return error;
    }
    if (is_directory() != sim::is_directory(other)) {
      return is_directory() ? EISDIR : ENOTDIR;
    }
    return 0;
  }

  InodePointer make(Inode node, const Identity& who) {
    const bool is_link = node.type == Type::symbolic_link;
    node.mode &= is_link ? all_mode_bits : all_mode_bits & ~who.creation_mask;
    node.owner = {.user = who.user, .group = who.group};
    put(std::make_shared<Inode>(std::move(node)));
    return inode;
  }

  void put(const InodePointer& other) {
    if (inode) {
      take_out();
    }
    other->parent = directory;
    other->name = name;
    inode = other;
    directory->entries.insert_or_assign(name, other);
  }

  void take_out() const {
    inode->parent.reset();
    directory->entries.erase(name);
  }
};

Files::Files() : root_(std::make_shared<Inode>(Inode{.type = Type::directory, .mode = 0755})) {}

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

// How far a walk has come. The rest may be a part of the detour.
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
    throw std::logic_error(path + ": there is no such file");
  }
  return *std::move(place);
}

Errno<InodePointer> Files::open(const std::string& path, Permission permission,
                                const Identity& who) const {
  const auto place = find(path, LastLink::followed, FileCall::open, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (const int error = place->error_of_open(permission, who); error != 0) {
    return tl::unexpected(error);
  }
  return place->inode;
}

Errno<std::string> Files::read(const std::string& path, const Identity& who) const {
  return read(path, std::string::npos, who);
}

Errno<std::string> Files::read(const std::string& path, std::size_t limit,
                               const Identity& who) const {
  const auto place = find(path, LastLink::followed, FileCall::open, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  int error = place->error_of_open(Permission::read, who);
  if (error == 0) {
    error = place->fault_at(FileCall::read, faults_);
  }
  if (error != 0) {
    return tl::unexpected(error);
  }
  switch (place->inode->type) {
    case Type::regular:
      return place->inode->text.substr(0, limit);
    case Type::null_device:
      return std::string();
    case Type::zero_device:
      if (limit == std::string::npos) {
        refuse_to_wait(path);
      }
      return std::string(limit, '\0');
    case Type::directory:
      return tl::unexpected(EISDIR);
    case Type::socket:
      return tl::unexpected(ENXIO);
    case Type::fifo:
    case Type::symbolic_link:
      break;
  }
  refuse_to_wait(path);
}

Errno<Files::Place> Files::open_to_write(const std::string& path, unsigned mode,
                                         const Identity& who) {
  auto place = walk_to(path, LastLink::followed_without_slash, FileCall::open, who);
  if (!place) {
    return place;
  }
  if (place->must_be_directory) {
    return tl::unexpected(EISDIR);
  }
  const bool is_new = !place->inode;
  if (const int error =
          is_new ? place->error_of_making(who) : place->error_of_open(Permission::write, who);
      error != 0) {
    return tl::unexpected(error);
  }
  if (is_new) {
    place->make({.type = Type::regular, .mode = mode}, who);
  }
  if (place->inode->type == Type::fifo) {
    refuse_to_wait(path);
  }
  if (place->inode->type == Type::socket) {
    return tl::unexpected(ENXIO);
  }
  return place;
}

Errno<void> Files::write(const std::string& path, std::string_view text, Writing writing,
                         unsigned mode, const Identity& who) {
  const auto place = open_to_write(path, mode, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  auto& inode = *place->inode;
  if (writing == Writing::replace) {
    empty(inode);
  }
  if (const int error = place->fault_at(FileCall::write, faults_); error != 0) {
    return tl::unexpected(error);
  }
  if (inode.type != Type::regular) {
    return {};  // a device takes anything
  }
  if (place->storage() == Storage::full && !text.empty()) {
    return tl::unexpected(ENOSPC);
  }
  inode.text += text;
  return {};
}

Errno<void> Files::truncate(const std::string& path, std::size_t size, const Identity& who) {
  const auto place = find(path, LastLink::followed, FileCall::truncate, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (place->inode->type != Type::regular) {
    return tl::unexpected(place->is_directory() ? EISDIR : EINVAL);
  }
  if (const int error = place->error_of_use(Permission::write, who); error != 0) {
    return tl::unexpected(error);
  }
  if (place->storage() == Storage::full && size > place->inode->text.size()) {
    return tl::unexpected(ENOSPC);
  }
  place->inode->text.resize(size);
  return {};
}

Errno<InodePointer> Files::make(const std::string& path, FileCall call, Inode node,
                                const Identity& who) {
  auto place = walk_to(path, LastLink::never_followed, call, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (place->inode) {
    return tl::unexpected(EEXIST);
  }
  if (place->must_be_directory && !is_directory(node)) {
    return tl::unexpected(ENOENT);
  }
  if (const int error = place->error_of_making(who); error != 0) {
    return tl::unexpected(error);
  }
  return place->make(std::move(node), who);
}

Errno<void> Files::mkdir(const std::string& path, unsigned mode, const Identity& who) {
  return make(path, FileCall::mkdir, {.type = Type::directory, .mode = mode}, who)
      .map([](const auto&) {});
}

Errno<void> Files::symlink(const std::string& target, const std::string& path,
                           const Identity& who) {
  if (target.empty()) {
    return tl::unexpected(ENOENT);
  }
  if (target.size() > max_path) {
    return tl::unexpected(ENAMETOOLONG);
  }
  return make(path, FileCall::symlink, {.type = Type::symbolic_link, .mode = 0777, .text = target},
              who)
      .map([](const auto&) {});
}

Errno<void> Files::mkfifo(const std::string& path, unsigned mode, const Identity& who) {
  return make(path, FileCall::mkfifo, {.type = Type::fifo, .mode = mode}, who).map([](const auto&) {
  });
}

Errno<void> Files::make_device(const std::string& path, Type type, unsigned mode,
                               const Identity& who) {
  if (type != Type::zero_device && type != Type::null_device) {
    throw std::logic_error(path + ": this is not the type of a device");
  }
  if (who.user != 0) {
    return tl::unexpected(EPERM);
  }
  return make(path, FileCall::mknod, {.type = type, .mode = mode}, who).map([](const auto&) {});
}

Errno<InodePointer> Files::make_socket(const std::string& path, const Identity& who) {
  auto made = make(path, FileCall::bind, {.type = Type::socket, .mode = 0777}, who);
  if (!made && made.error() == EEXIST) {
    return tl::unexpected(EADDRINUSE);
  }
  return made;
}

Errno<void> Files::unlink(const std::string& path, const Identity& who) {
  const auto place = find_to_remove(path, FileCall::unlink, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (place->is_directory()) {
    return tl::unexpected(EISDIR);
  }
  place->take_out();
  return {};
}

Errno<void> Files::rmdir(const std::string& path, const Identity& who) {
  const auto place = find_to_remove(path, FileCall::rmdir, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (!place->is_directory()) {
    return tl::unexpected(ENOTDIR);
  }
  if (place->name == ".") {
    return tl::unexpected(EINVAL);
  }
  if (place->name == "..") {
    return tl::unexpected(ENOTEMPTY);
  }
  if (!place->is_entry || place->inode->mount) {
    return tl::unexpected(EBUSY);
  }
  if (!place->inode->entries.empty()) {
    return tl::unexpected(ENOTEMPTY);
  }
  place->take_out();
  return {};
}

Errno<std::string> Files::read_link(const std::string& path, const Identity& who) const {
  const auto place = find(path, LastLink::kept, FileCall::read_link, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (!place->is_link()) {
    return tl::unexpected(EINVAL);
  }
  return place->inode->text;
}

Errno<void> Files::rename(const std::string& from, const std::string& to, const Identity& who) {
  const auto source = walk_to(from, LastLink::never_followed, FileCall::rename, who);
  if (!source) {
    return tl::unexpected(source.error());
  }
  auto target = walk_to(to, LastLink::never_followed, FileCall::rename, who);
  if (!target) {
    return tl::unexpected(target.error());
  }
  if (const int error = source->error_of_renaming_to(*target); error != 0) {
    return tl::unexpected(error);
  }
  if (source->inode == target->inode) {
    return {};
  }
  if (const int error = source->error_of_moving_to(*target, who); error != 0) {
    return tl::unexpected(error);
  }
  const auto moved = source->inode;
  source->take_out();
  target->put(moved);
  return {};
}

Errno<FileStat> Files::stat(const std::string& path, const Identity& who) const {
  return find(path, LastLink::followed, FileCall::stat, who).map([](const Place& place) {
    return stat_of(*place.inode);
  });
}

Errno<FileStat> Files::lstat(const std::string& path, const Identity& who) const {
  return find(path, LastLink::kept, FileCall::lstat, who).map([](const Place& place) {
    return stat_of(*place.inode);
  });
}

Errno<void> Files::access(const std::string& path, Permission permission,
                          const Identity& who) const {
  const auto place = find(path, LastLink::followed, FileCall::access, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  return as_result(place->error_of_use(permission, who));
}

Errno<void> Files::chmod(const std::string& path, unsigned mode, const Identity& who) {
  const auto place = find(path, LastLink::followed, FileCall::chmod, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  const int error = place->error_of_change(who);
  if (error == 0) {
    place->inode->mode = mode & all_mode_bits;
  }
  return as_result(error);
}

Errno<void> Files::chown(const std::string& path, host::Owner owner, const Identity& who) {
  return change_owner(path, LastLink::followed, owner, who);
}

Errno<void> Files::lchown(const std::string& path, host::Owner owner, const Identity& who) {
  return change_owner(path, LastLink::kept, owner, who);
}

Errno<void> Files::change_owner(const std::string& path, LastLink last, host::Owner owner,
                                const Identity& who) {
  const auto place = find(path, last, FileCall::chown, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (const int error = place->error_of_change(who); error != 0) {
    return tl::unexpected(error);
  }
  // An ordinary user can give a file to no group but its own.
  auto& inode = *place->inode;
  const bool keeps_group = owner.group == inode.owner.group || owner.group == who.group;
  if (who.user != 0 && (owner.user != inode.owner.user || !keeps_group)) {
    return tl::unexpected(EPERM);
  }
  inode.owner = owner;
  return {};
}

Errno<std::vector<std::string>> Files::list(const std::string& path, const Identity& who) const {
  const auto place = find(path, LastLink::followed, FileCall::list, who);
  if (!place) {
    return tl::unexpected(place.error());
  }
  if (!place->is_directory()) {
    return tl::unexpected(ENOTDIR);
  }
  if (!may(*place->inode, Permission::read, who)) {
    return tl::unexpected(EACCES);
  }
  std::vector<std::string> names;
  names.reserve(place->inode->entries.size());
  for (const auto& [name, inode] : place->inode->entries) {
    names.push_back(name);
  }
  return names;
}

bool Files::exists(const std::string& path) const {
  const auto place = walk(path, LastLink::kept, root_user, no_faults);
  return place && place->inode && (!place->must_be_directory || place->is_directory());
}

void Files::vanish(const std::string& path) {
  const auto place = find_behind_back(path);
  if (!place.is_entry) {
    throw std::logic_error(path + ": this is not the name of a file in a directory");
  }
  empty_all(*place.inode);
  place.take_out();
}

void Files::set_storage(const std::string& path, Storage storage) {
  const auto place = find_behind_back(path);
  if (!place.is_directory()) {
    throw std::logic_error(path + ": only a directory can be a mount");
  }
  place.inode->mount = storage;
}

void Files::add_fault(const std::string& path, const FileFault& fault) {
  if (fault.error <= 0) {
    throw std::logic_error(path + ": a fault needs an errno value");
  }
  faults_.add(place_of(path), fault);
}

void Files::remove_faults(const std::string& path) {
  if (!faults_.remove(place_of(path))) {
    throw std::logic_error(path + ": it has no fault");
  }
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
    throw std::logic_error(std::string(path) + ": it needs the name of the file");
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
