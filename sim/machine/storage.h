#pragma once

#include "agent/host/file_system.h"
#include "sim/machine/system_call.h"

#include <cerrno>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// How it is with what a directory is stored on.
enum class Storage { sound, full, read_only };

// Whoever holds an inode holds an open file: it lives on when its name is gone.
struct Inode {
  // A zero_device can be read without end, and a null_device is empty, as in /dev.
  enum class Type { regular, directory, symbolic_link, fifo, socket, zero_device, null_device };

  Type type = Type::regular;
  unsigned mode = 0;  // at most 07777
  host::Owner owner;
  std::string text;  // the contents of a regular file, the target of a link

  // What a regular file does when it is executed: it is this program, or it begins with "#!" and
  // this path. A file that is replaced is neither any more.
  std::string program;
  std::string interpreter;

  // What is behind a FIFO or a socket; it belongs to the part of the machine that put it there.
  std::shared_ptr<void> attachment;

  // Of a directory. Only Files changes them.
  std::map<std::string, std::shared_ptr<Inode>, std::less<>> entries;
  std::weak_ptr<Inode> parent;  // none: it is the root, or it was removed
  std::string name;
  std::optional<Storage> mount;  // it is the root of a mount
};

struct FileStat {
  Inode::Type type = Inode::Type::regular;
  unsigned mode = 0;
  host::Owner owner;
  std::uint64_t size = 0;  // bytes
};

// As the bits of a mode.
enum class Permission : unsigned { none = 0, execute = 1, write = 2, read = 4, read_and_write = 6 };

inline constexpr unsigned all_mode_bits = 07777;
inline constexpr unsigned sticky = 01000;

[[nodiscard]] inline bool is_directory(const Inode& inode) {
  return inode.type == Inode::Type::directory;
}

// To execute, root, too, needs one bit.
[[nodiscard]] bool may(const Inode& inode, Permission permission, const Identity& who);
// To make and to remove entries.
[[nodiscard]] bool may_change(const Inode& directory, const Identity& who);

// The directory that is the root of the mount, itself or above; nothing: the machine's own.
[[nodiscard]] const Inode* mount_of(const Inode& directory);
[[nodiscard]] Storage storage_of(const Inode& directory);

// Itself, or somewhere below.
[[nodiscard]] bool is_in(const Inode& directory, const Inode& ancestor);
// Empty for the root.
[[nodiscard]] std::string way_to(const Inode& directory);

void empty(Inode& file);
// With all that is below.
void empty_all(Inode& directory);

[[nodiscard]] FileStat stat_of(const Inode& inode);

// What a fault can be about. To follow a link is to read it on the way to something else.
enum class FileCall {
  open,
  read,
  write,
  truncate,
  mkdir,
  rmdir,
  unlink,
  symlink,
  read_link,
  mkfifo,
  mknod,
  bind,
  rename,
  stat,
  lstat,
  access,
  chmod,
  chown,
  list,
  follow
};

// A call that fails with this errno value, whatever it is about to find.
struct FileFault {
  enum class Reach { entry, subtree };
  Reach reach = Reach::subtree;
  std::optional<FileCall> call;  // nothing: every call
  int error = EIO;
  int times = 0;  // so many calls fail, and then none; 0: all
};

// The faults of the storage, by the place where a file really is, without links.
class FileFaults {
 public:
  void add(std::string place, FileFault fault);
  // False if there was none.
  bool remove(std::string_view place);
  [[nodiscard]] bool is_empty() const { return faults_.empty(); }
  // 0 if the call goes well. The fault that came last counts; to ask is to make the call.
  [[nodiscard]] int error_of(FileCall call, std::string_view place) const;

 private:
  struct Placed {
    std::string place;
    FileFault fault;
  };
  mutable std::vector<Placed> faults_;
};

}  // namespace sim
