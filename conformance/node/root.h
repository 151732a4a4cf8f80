#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace node {

// The file system of a node: this machine's files, read-only, and directories of the node's own,
// which end with it. It is a tmpfs of links into the machine's file system. A directory with
// changed entries consists of links, too. All errors are thrown as std::system_error.
//
// For a process in a mount namespace of its own. It does not use overlayfs, which user namespaces
// may not mount.
class Root {
 public:
  // /run, /tmp, /var/tmp and /dev/shm are empty, and /etc, /opt, /srv, /var, /var/lib and /var/log
  // are the node's own.
  Root();

  // Makes the directory the node's own, so that entries can be added and removed. Its entries
  // remain the machine's.
  void make_own(const std::filesystem::path& directory) { own(directory); }
  // Creates it whether or not the machine has it.
  void make_empty(const std::filesystem::path& directory, mode_t mode = 0755);
  // Each of these makes the directory the node's own.
  void write(const std::filesystem::path& file, const std::string& text, mode_t mode = 0644);
  // A link to a file of this machine.
  void link(const std::filesystem::path& path, const std::filesystem::path& source);
  void remove(const std::filesystem::path& path);
  // Makes the machine's directory itself writable: an absolute path of an existing directory,
  // without symbolic links.
  void share(const std::filesystem::path& directory);

  // Makes this "/". Mounts /proc of the process's PID namespace.
  void enter();

 private:
  [[nodiscard]] std::filesystem::path inside(const std::filesystem::path& path) const;
  [[nodiscard]] std::filesystem::path of_machine(const std::filesystem::path& path) const;
  void mirror(const std::filesystem::path& directory);
  // Makes the directory the node's own. Returns it without symbolic links, which before enter()
  // would lead into the machine.
  std::filesystem::path own(const std::filesystem::path& directory, int links = 0);
  // The path of the file, inside a directory of the node's own.
  std::filesystem::path place_for(const std::filesystem::path& path);

  std::filesystem::path at_;
};

}  // namespace node
