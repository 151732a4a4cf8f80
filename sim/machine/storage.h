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

// The state of the storage of a directory.
enum class Storage { sound, full, read_only };

// A reference to an inode is an open file: it survives the removal of its name.
struct Inode {
  // A zero_device has no end, and a null_device is empty, as in /dev.
  enum class Type { regular, directory, symbolic_link, fifo, socket, zero_device, null_device };

  Type type = Type::regular;
  unsigned mode = 0;  // at most 07777
  host::Owner owner;
  std::string text;  // the contents of a regular file, the target of a link

  // The program of an executable file, or the interpreter after "#!". Replaced content has neither.
  std::string program;
  std::string interpreter;

  // The object behind a FIFO or a socket; it belongs to the part of the machine that created it.
  std::shared_ptr<void> attachment;

  // For directories. Only Files changes these.
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

// Execution needs one bit even for root.
[[nodiscard]] bool may(const Inode& inode, Permission permission, const Identity& who);
// Permission to create and remove entries.
[[nodiscard]] bool may_change(const Inode& directory, const Identity& who);

// The root directory of the mount; nothing for the machine's own storage.
[[nodiscard]] const Inode* mount_of(const Inode& directory);
[[nodiscard]] Storage storage_of(const Inode& directory);

// Whether it is this directory, or below it.
[[nodiscard]] bool is_in(const Inode& directory, const Inode& ancestor);
// Empty for the root.
[[nodiscard]] std::string way_to(const Inode& directory);

void empty(Inode& file);
// With everything below it.
void empty_all(Inode& directory);

[[nodiscard]] FileStat stat_of(const Inode& inode);

// The calls that a fault can affect. Following a link counts as a read.
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

// Calls fail with this errno value, even if the file does not exist.
struct FileFault {
  enum class Reach { entry, subtree };
  Reach reach = Reach::subtree;
  std::optional<FileCall> call;  // nothing: every call
  int error = EIO;
  int times = 0;  // number of failing calls; 0: all
};

// The faults of the storage, by resolved path.
class FileFaults {
 public:
  void add(std::string place, FileFault fault);
  // False if there was none.
  bool remove(std::string_view place);
  [[nodiscard]] bool is_empty() const { return faults_.empty(); }
  // Returns 0 if the call succeeds. The latest fault counts. Each query counts as a call.
  [[nodiscard]] int error_of(FileCall call, std::string_view place) const;

 private:
  struct Placed {
    std::string place;
    FileFault fault;
  };
  mutable std::vector<Placed> faults_;
};

}  // namespace sim
