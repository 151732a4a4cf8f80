#pragma once

#include "agent/host/file_system.h"

#include <functional>
#include <string>

namespace host::contract {

// A machine whose files a test can prepare and inspect behind the back of the subject.
class FileSystemWorld {
 public:
  virtual ~FileSystemWorld() = default;

  [[nodiscard]] virtual FileSystem& files() = 0;

  // An empty directory with mode 0755 that belongs to this process. If this process is root, so
  // does every directory above it, and nobody else may write to any of them.
  [[nodiscard]] virtual std::string directory() = 0;

  virtual void write(const std::string& path, const std::string& text) = 0;  // mode 0644
  virtual void make_directory(const std::string& path) = 0;                  // mode 0755
  virtual void make_fifo(const std::string& path) = 0;
  virtual void make_link(const std::string& target, const std::string& at) = 0;
  virtual void set_mode(const std::string& path, unsigned mode) = 0;
  virtual void give_to(const std::string& path, Owner owner) = 0;  // a link itself, too

  // A device that can be read without end.
  [[nodiscard]] virtual std::string endless_device() = 0;

  // Whether the name exists; a dangling link does.
  [[nodiscard]] virtual bool exists(const std::string& path) = 0;
  [[nodiscard]] virtual Owner owner_of(const std::string& path) = 0;
  [[nodiscard]] virtual unsigned mode_of(const std::string& path) = 0;

  // The permissions that this process denies to all that it creates (POSIX umask).
  virtual void set_creation_mask(unsigned mask) = 0;

  [[nodiscard]] virtual bool has_root() = 0;
  [[nodiscard]] virtual Owner own_ids() = 0;
  [[nodiscard]] virtual Owner ordinary_ids() = 0;

  // Acts with the effective ids of an ordinary user. Only where has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;
};

}  // namespace host::contract
