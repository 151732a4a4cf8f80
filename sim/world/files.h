#pragma once

#include "agent/host/file_system.h"
#include "sim/world/errno.h"
#include "sim/world/identity.h"

#include <cerrno>
#include <cstddef>
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

enum class Writing { replace, append };

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
};

// The faults of the storage, by the place where a file really is, without links.
class FileFaults {
 public:
  void add(std::string place, FileFault fault);
  // False if there was none.
  bool remove(std::string_view place);
  [[nodiscard]] bool is_empty() const { return faults_.empty(); }
  // 0 if the call goes well. The fault that came last counts.
  [[nodiscard]] int error_of(FileCall call, std::string_view place) const;

 private:
  struct Placed {
    std::string place;
    FileFault fault;
  };
  std::vector<Placed> faults_;
};

// The files of the machine, at first an empty root directory that is root's. The calls are those of
// POSIX, and what POSIX leaves open is as on Linux; the errors are their errno values. Paths are
// absolute. What is made has the mode that is asked for, without the umask of its maker.
//
// Throws std::logic_error for what no process can ask or this machine cannot show: a path that is
// not absolute, or a wait, which a FIFO and an endless device would need.
class Files {
 public:
  Files();
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() = default;

  // The inode, if the caller has this permission. For execute as execve(2): EACCES if it is not
  // a regular file. Unlike with open(2) a socket is opened as well, which is how one connects to
  // it, and it is not made if it is missing.
  [[nodiscard]] Errno<std::shared_ptr<Inode>> open(const std::string& path, Permission permission,
                                                   const Identity& who) const;

  // The whole file, or the first bytes of it.
  [[nodiscard]] Errno<std::string> read(const std::string& path, const Identity& who) const;
  [[nodiscard]] Errno<std::string> read(const std::string& path, std::size_t limit,
                                        const Identity& who) const;

  // Makes the file with this mode if it is missing. A write that fails leaves behind what it had to
  // open: a file that is new or was to be replaced is empty then.
  Errno<void> write(const std::string& path, std::string_view text, Writing writing, unsigned mode,
                    const Identity& who);
  Errno<void> truncate(const std::string& path, std::size_t size, const Identity& who);

  Errno<void> mkdir(const std::string& path, unsigned mode, const Identity& who);
  Errno<void> rmdir(const std::string& path, const Identity& who);
  Errno<void> unlink(const std::string& path, const Identity& who);
  Errno<void> symlink(const std::string& target, const std::string& path, const Identity& who);
  [[nodiscard]] Errno<std::string> read_link(const std::string& path, const Identity& who) const;
  Errno<void> mkfifo(const std::string& path, unsigned mode, const Identity& who);
  Errno<void> rename(const std::string& from, const std::string& to, const Identity& who);

  // mknod(2) of a zero_device or null_device.
  Errno<void> make_device(const std::string& path, Inode::Type type, unsigned mode,
                          const Identity& who);

  // What bind(2) does here: EADDRINUSE if there is anything.
  Errno<std::shared_ptr<Inode>> make_socket(const std::string& path, const Identity& who);

  [[nodiscard]] Errno<FileStat> stat(const std::string& path, const Identity& who) const;
  [[nodiscard]] Errno<FileStat> lstat(const std::string& path, const Identity& who) const;
  // faccessat(2) with AT_EACCESS.
  [[nodiscard]] Errno<void> access(const std::string& path, Permission permission,
                                   const Identity& who) const;
  Errno<void> chmod(const std::string& path, unsigned mode, const Identity& who);
  Errno<void> chown(const std::string& path, host::Owner owner, const Identity& who);
  Errno<void> lchown(const std::string& path, host::Owner owner, const Identity& who);

  // Names, in order.
  [[nodiscard]] Errno<std::vector<std::string>> list(const std::string& path,
                                                     const Identity& who) const;

  // What follows happens behind the back of all processes: no permission and no fault counts.

  // A dangling link exists.
  [[nodiscard]] bool exists(const std::string& path) const;

  // It is gone at once, with all that is in it, mounts too. It must exist.
  void vanish(const std::string& path);

  // Makes the directory a mount, or changes its storage if it is one. In a full one nothing is made
  // and no file gets longer. From one mount to another there is no rename (EXDEV).
  void set_storage(const std::string& path, Storage storage);

  // The path need not exist. Links on the way to it are followed, as they are now; the last
  // component is what is named. A call comes to its fault after the way to what it names.
  void add_fault(const std::string& path, const FileFault& fault);
  // There must be one at this path.
  void remove_faults(const std::string& path);

 private:
  // What becomes of a link that is the last component. `kept`: it is followed if a slash follows.
  enum class LastLink { followed, followed_without_slash, kept, never_followed };
  struct Step;
  struct Place;
  struct Way;

  [[nodiscard]] Place look_in(const std::shared_ptr<Inode>& directory, const Step& step) const;
  [[nodiscard]] Errno<Place> walk(const std::string& path, LastLink last, const Identity& who,
                                  const FileFaults& faults) const;
  static bool is_followed(LastLink link, const Step& step);
  [[nodiscard]] int go_through(Place& place, Way& way, const FileFaults& faults) const;
  [[nodiscard]] Errno<Place> walk_to(const std::string& path, LastLink last, FileCall call,
                                     const Identity& who) const;
  [[nodiscard]] Errno<Place> find(const std::string& path, LastLink last, FileCall call,
                                  const Identity& who) const;
  [[nodiscard]] Errno<Place> find_to_remove(const std::string& path, FileCall call,
                                            const Identity& who) const;
  [[nodiscard]] Place find_behind_back(const std::string& path) const;
  [[nodiscard]] std::string place_of(std::string_view path) const;

  [[nodiscard]] Errno<Place> open_to_write(const std::string& path, unsigned mode,
                                           const Identity& who);
  Errno<std::shared_ptr<Inode>> make(const std::string& path, FileCall call, Inode node,
                                     const Identity& who);
  Errno<void> change_owner(const std::string& path, LastLink last, host::Owner owner,
                           const Identity& who);

  std::shared_ptr<Inode> root_;
  FileFaults faults_;
};

}  // namespace sim
