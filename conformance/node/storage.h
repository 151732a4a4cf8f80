#pragma once

#include <string>

namespace node {

// A file system of its own at a directory of a node, which can be spoilt. Throws std::system_error.
class Storage {
 public:
  // An empty one; what the directory had is covered.
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
