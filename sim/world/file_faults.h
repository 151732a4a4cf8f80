#pragma once

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

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
