#pragma once

#include "agent/host/file_system.h"
#include "sim/machine/storage.h"
#include "sim/machine/system_call.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// path_resolution(7): more links in a path are ELOOP.
inline constexpr int max_links = 40;

enum class Writing { replace, append };

// The files of the machine, initially an empty root directory of root's. The calls follow POSIX,
// and Linux where POSIX leaves a choice; errors are errno values. Paths are absolute. New files get
// the requested mode, without a umask.
//
// Throws std::logic_error for calls that a process cannot make or this machine does not support: a
// relative path, or a call that blocks on a FIFO or an endless device.
class Files {
 public:
  Files();
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() = default;

  // The inode, if the caller has this permission. Execute is checked as by execve(2): EACCES if it
  // is not a regular file. Unlike open(2), this also opens sockets, for connect, and creates
  // nothing.
  [[nodiscard]] Errno<std::shared_ptr<Inode>> open(const std::string& path, Permission permission,
                                                   const Identity& who) const;

  // The whole file, or its first bytes.
  [[nodiscard]] Errno<std::string> read(const std::string& path, const Identity& who) const;
  [[nodiscard]] Errno<std::string> read(const std::string& path, std::size_t limit,
                                        const Identity& who) const;

  // Creates the file with this mode if it is missing. A failed write has already opened the file: a
  // new or truncated file is left empty.
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

  // Creates a socket file, as bind(2) does: EADDRINUSE if the path exists.
  Errno<std::shared_ptr<Inode>> make_socket(const std::string& path, const Identity& who);

  [[nodiscard]] Errno<FileStat> stat(const std::string& path, const Identity& who) const;
  [[nodiscard]] Errno<FileStat> lstat(const std::string& path, const Identity& who) const;
  // faccessat(2) with AT_EACCESS.
  [[nodiscard]] Errno<void> access(const std::string& path, Permission permission,
                                   const Identity& who) const;
  Errno<void> chmod(const std::string& path, unsigned mode, const Identity& who);
  Errno<void> chown(const std::string& path, host::Owner owner, const Identity& who);
  Errno<void> lchown(const std::string& path, host::Owner owner, const Identity& who);

  // The names, sorted.
  [[nodiscard]] Errno<std::vector<std::string>> list(const std::string& path,
                                                     const Identity& who) const;

  // The following calls bypass all processes: they need no permission and meet no faults.

  // A dangling link counts as existing.
  [[nodiscard]] bool exists(const std::string& path) const;

  // Removes the path with its content, mounts included. It must exist.
  void vanish(const std::string& path);

  // Makes the directory a mount point, or changes the storage of a mount. In a full one no files
  // are created or extended. A rename between mounts fails (EXDEV).
  void set_storage(const std::string& path, Storage storage);

  // The path need not exist. Links in its directory part are resolved now; the last component is
  // the subject. A call meets its fault after the resolution of its path.
  void add_fault(const std::string& path, const FileFault& fault);
  // The path must have a fault.
  void remove_faults(const std::string& path);

 private:
  // The treatment of a link in the last component. `kept`: it is followed only before a slash.
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
