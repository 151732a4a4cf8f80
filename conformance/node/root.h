#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace node {

// The file system of a node: what this machine has, to be read only, and beside it what is the
// node's own and gone with it. It is a tmpfs of links into the machine's file system; a directory
// in which something is to be different is made of links, too. All errors are thrown as
// std::system_error.
//
// For a process in a mount namespace of its own. No overlay is mounted: user namespaces may not.
class Root {
 public:
  // /run, /tmp, /var/tmp and /dev/shm are empty, and /etc, /opt, /srv, /var, /var/lib and /var/log
  // are the node's own.
  Root();

  // So that entries can be added and taken away. Its entries are still the machine's.
  void make_own(const std::filesystem::path& directory) { own(directory); }
  // Whatever the machine has there.
  void make_empty(const std::filesystem::path& directory, mode_t mode = 0755);
  // All these make the directory the node's own.
  void write(const std::filesystem::path& file, const std::string& text, mode_t mode = 0644);
  // A link to a file of this machine.
  void link(const std::filesystem::path& path, const std::filesystem::path& source);
  void remove(const std::filesystem::path& path);
  // The machine's directory itself, which may be written to: an absolute path without symbolic
  // links, of a directory that is there.
  void share(const std::filesystem::path& directory);

  // From here on "/" is this. In the process's PID namespace, whose /proc it mounts.
  void enter();

 private:
  [[nodiscard]] std::filesystem::path inside(const std::filesystem::path& path) const;
  [[nodiscard]] std::filesystem::path of_machine(const std::filesystem::path& path) const;
  void mirror(const std::filesystem::path& directory);
  // Makes it the node's own. Returns it without symbolic links, which before enter() would lead
  // into the machine.
  std::filesystem::path own(const std::filesystem::path& directory, int links = 0);
  // Where it is, inside a directory of the node's own.
  std::filesystem::path place_for(const std::filesystem::path& path);

  std::filesystem::path at_;
};

}  // namespace node
