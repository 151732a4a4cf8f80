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

// path_resolution(7): more links on a way are ELOOP.
inline constexpr int max_links = 40;

enum class Writing { replace, append };

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
