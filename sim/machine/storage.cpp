#include "sim/machine/storage.h"

#include <algorithm>
#include <utility>

namespace sim {

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

bool may_change(const Inode& directory, const Identity& who) {
  return may(directory, Permission::write, who) && may(directory, Permission::execute, who);
}

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

FileStat stat_of(const Inode& inode) {
  constexpr std::uint64_t directory_size = 4096;
  return {.type = inode.type,
          .mode = inode.mode,
          .owner = inode.owner,
          .size = is_directory(inode) ? directory_size : inode.text.size()};
}

namespace {

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
  if (found == faults_.rend()) {
    return 0;
  }
  const int error = found->fault.error;
  if (found->fault.times > 0 && --found->fault.times == 0) {
    found->fault.error = 0;
  }
  return error;
}

}  // namespace sim
