#include "conformance/node/root.h"

#include "agent/posix/descriptor.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace node {
namespace {

namespace fs = std::filesystem;

// A directory that every machine has. Its content stays visible below `machine`.
constexpr const char* mount_point = "/mnt";
// The path at which a node sees the whole machine.
constexpr const char* machine = "/.machine";

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void check(long result, const std::string& what) {
  if (result < 0) {
    fail(what);
  }
}

// All mounts of the machine, detached and read-only.
posix::Descriptor take_machine() {
  posix::Descriptor tree(
      ::open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
  check(tree.get(), "open_tree(/), which needs Linux 5.2");
  mount_attr attributes = {};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  check(
      ::mount_setattr(tree.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes),
      "mount_setattr(/, read-only), which needs Linux 5.12");
  return tree;
}

}  // namespace

Root::Root() : at_(mount_point) {
  check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount --make-rprivate /");
  const auto tree = take_machine();
  check(::mount("tmpfs", at_.c_str(), "tmpfs", MS_NOSUID, "mode=0755,size=512m"),
        "mount tmpfs on " + at_.string());
  fs::create_directory(inside(machine));
  check(::move_mount(tree.get(), "", AT_FDCWD, inside(machine).c_str(), MOVE_MOUNT_F_EMPTY_PATH),
        "move_mount");
  mirror("/");
  fs::remove(inside("/proc"));
  fs::create_directory(inside("/proc"));
  for (const auto* const directory : {"/etc", "/opt", "/srv", "/var", "/var/lib", "/var/log"}) {
    make_own(directory);
  }
  constexpr mode_t for_all = 01777;
  make_empty("/run");
  make_empty("/run/lock", for_all);
  make_empty("/tmp", for_all);
  make_empty("/var/tmp", for_all);
  make_empty("/dev/shm", for_all);
  make_empty("/etc/systemd/system");  // no service is enabled
}

// Before enter(), ".." or a relative path would lead into the machine itself.
fs::path Root::inside(const fs::path& path) const {
  if (!path.is_absolute() || std::ranges::find(path, "..") != path.end()) {
    throw std::system_error(EINVAL, std::generic_category(), path.string());
  }
  return at_ / path.relative_path();
}

fs::path Root::of_machine(const fs::path& path) const {
  return inside(machine) / path.relative_path();
}

// Creates the directory, with a link for each entry.
void Root::mirror(const fs::path& directory) {
  fs::create_directories(inside(directory));
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(of_machine(directory), unreadable)) {
    const auto name = entry.path().filename();
    const auto link = inside(directory) / name;
    if (name == fs::path(machine).filename() || fs::exists(fs::symlink_status(link))) {
      continue;
    }
    if (entry.is_symlink()) {
      fs::copy_symlink(entry.path(), link);
    } else {
      fs::create_symlink(fs::path(machine) / directory.relative_path() / name, link);
    }
  }
}

fs::path Root::own(const fs::path& directory, int links) {
  if (!directory.has_relative_path()) {
    return "/";
  }
  auto path = own(directory.parent_path(), links) / directory.filename();
  const auto place = inside(path);
  if (!fs::is_symlink(fs::symlink_status(place))) {
    fs::create_directory(place);
    return path;
  }
  const auto target = fs::read_symlink(place);
  if (target.string().starts_with(machine)) {
    fs::remove(place);
    mirror(path);
    return path;
  }
  constexpr int most_links = 40;
  if (links == most_links) {
    throw std::system_error(ELOOP, std::generic_category(), directory.string());
  }
  return own((path.parent_path() / target).lexically_normal(), links + 1);
}

fs::path Root::place_for(const fs::path& path) {
  return inside(own(path.parent_path()) / path.filename());
}

void Root::make_empty(const fs::path& directory, mode_t mode) {
  const auto place = place_for(directory);
  fs::remove_all(place);
  fs::create_directory(place);
  check(::chmod(place.c_str(), mode), "chmod " + directory.string());
}

void Root::write(const fs::path& file, const std::string& text, mode_t mode) {
  const auto place = place_for(file);
  fs::remove(place);
  std::ofstream stream(place);
  stream << text;
  if (!stream.flush()) {
    fail(file.string());
  }
  check(::chmod(place.c_str(), mode), "chmod " + file.string());
}

void Root::link(const fs::path& path, const fs::path& source) {
  const auto place = place_for(path);
  fs::remove(place);
  fs::create_symlink(fs::path(machine) / source.relative_path(), place);
}

void Root::remove(const fs::path& path) { fs::remove(place_for(path)); }

void Root::share(const fs::path& directory) {
  const auto place = place_for(directory);
  if (fs::is_symlink(fs::symlink_status(place))) {
    fs::remove(place);
  }
  fs::create_directory(place);
  check(::mount(directory.c_str(), place.c_str(), nullptr, MS_BIND | MS_REC, nullptr),
        "mount --bind " + directory.string());
}

void Root::enter() {
  check(::mount("proc", inside("/proc").c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr),
        "mount /proc");
  check(::chdir(at_.c_str()), "chdir " + at_.string());
  check(::syscall(SYS_pivot_root, ".", "."), "pivot_root");
  check(::umount2(".", MNT_DETACH), "umount the machine's root");
  check(::chdir("/"), "chdir /");
}

}  // namespace node
