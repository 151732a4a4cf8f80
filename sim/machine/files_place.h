#pragma once

#include "sim/machine/files.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// Internal to the sources of Files.

namespace sim {

inline constexpr std::size_t max_path = 4095;  // PATH_MAX has a zero byte at the end

// For calls that bypass all processes.
inline const Identity root_user{};
inline const FileFaults no_faults{};

// One component of a path.
struct Files::Step {
  std::string_view name;
  bool is_last = false;
  bool has_slash = false;  // after the last one

  // Removes it from the path. The name is empty if only slashes are left.
  static Step take_from(std::string_view& path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    Step step{.name = path.substr(0, path.find('/'))};
    path.remove_prefix(step.name.size());
    step.is_last = path.find_first_not_of('/') == std::string_view::npos;
    step.has_slash = step.is_last && !path.empty();
    return step;
  }
};

// The target of a path, whether or not it exists.
struct Files::Place {
  std::shared_ptr<Inode> directory;
  std::string name;
  std::shared_ptr<Inode> inode;    // nothing: it does not exist
  bool must_be_directory = false;  // the path ends in a slash
  // The path ends in "/", "." or "..": the directory itself, not an entry of another one.
  bool is_entry = true;

  [[nodiscard]] std::string path() const {
    const auto path = is_entry ? way_to(*directory) + "/" + name : way_to(*inode);
    return path.empty() ? "/" : path;
  }

  [[nodiscard]] bool is_directory() const { return inode->type == Inode::Type::directory; }
  [[nodiscard]] bool is_link() const { return inode && inode->type == Inode::Type::symbolic_link; }

  [[nodiscard]] Storage storage() const {
    return storage_of(inode && is_directory() ? *inode : *directory);
  }

  [[nodiscard]] int fault_at(FileCall call, const FileFaults& faults) const {
    return faults.is_empty() ? 0 : faults.error_of(call, path());
  }

  // The owner of the inode, which may be changed here.
  [[nodiscard]] int error_of_change(const Identity& who) const {
    if (storage() == Storage::read_only) {
      return EROFS;
    }
    return who.user == 0 || who.user == inode->owner.user ? 0 : EPERM;
  }

  [[nodiscard]] int error_of_use(Permission permission, const Identity& who) const {
    const auto bits = static_cast<unsigned>(permission);
    const bool writes = (bits & static_cast<unsigned>(Permission::write)) != 0;
    const bool is_stored = is_directory() || inode->type == Inode::Type::regular;
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
    if (permission == Permission::execute && inode->type != Inode::Type::regular) {
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

  // A rename without permission checks.
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
    // A moved directory gets a new "..".
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

  std::shared_ptr<Inode> make(Inode node, const Identity& who) {
    const bool is_link = node.type == Inode::Type::symbolic_link;
    node.mode &= is_link ? all_mode_bits : all_mode_bits & ~who.creation_mask;
    node.owner = {.user = who.user, .group = who.group};
    put(std::make_shared<Inode>(std::move(node)));
    return inode;
  }

  void put(const std::shared_ptr<Inode>& other) {
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

}  // namespace sim
