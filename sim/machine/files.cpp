#include "sim/machine/files.h"

#include "sim/machine/files_place.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace sim {
namespace {

using Type = Inode::Type;
using InodePointer = std::shared_ptr<Inode>;

Errno<void> as_result(int error) {
  if (error != 0) {
    return tl::unexpected(error);
  }
  return {};
}

[[noreturn]] void refuse_to_wait(const std::string& path) {
  throw std::logic_error(path + ": the simulated machine does not support a call that blocks here");
}

}  // namespace

Files::Files() : root_(std::make_shared<Inode>(Inode{.type = Type::directory, .mode = 0755})) {}

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
    throw std::logic_error(path + ": not the type of a device");
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
  // An ordinary user can change the group of a file only to one of its own.
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
    throw std::logic_error(path + ": expected the name of a file in a directory");
  }
  empty_all(*place.inode);
  place.take_out();
}

void Files::set_storage(const std::string& path, Storage storage) {
  const auto place = find_behind_back(path);
  if (!place.is_directory()) {
    throw std::logic_error(path + ": expected a directory as mount point");
  }
  place.inode->mount = storage;
}

void Files::add_fault(const std::string& path, const FileFault& fault) {
  if (fault.error <= 0) {
    throw std::logic_error(path + ": expected an errno value for the fault");
  }
  faults_.add(place_of(path), fault);
}

void Files::remove_faults(const std::string& path) {
  if (!faults_.remove(place_of(path))) {
    throw std::logic_error(path + ": no fault to remove");
  }
}

}  // namespace sim
