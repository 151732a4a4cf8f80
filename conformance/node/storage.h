#pragma once

#include <string>

namespace node {

// A separate file system at a directory of a node, which can be made to fail. Throws
// std::system_error.
class Storage {
 public:
  // Mounts an empty file system; it hides the content of the directory.
  explicit Storage(std::string directory);

  void make_sound();
  void make_read_only();
  // ENOSPC, for data and for new files.
  void make_full();

 private:
  void remount(unsigned long flags, const std::string& options);

  std::string directory_;
};

}  // namespace node
