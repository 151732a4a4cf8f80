#pragma once

#include "agent/host/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace host {

enum class FileType { regular, directory, symbolic_link, fifo, other };

struct FileStatus {
  FileType type = FileType::other;
  std::uint64_t size = 0;  // bytes

  friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

struct Owner {
  std::uint32_t user = 0;   // uid
  std::uint32_t group = 0;  // gid

  friend bool operator==(const Owner&, const Owner&) = default;
};

enum class Access { read, execute };

// The file system of the node. Paths are absolute. Errors: not_found when a component is missing,
// not_permitted for EACCES, EPERM and EROFS, failed otherwise; the text names the path.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // The first `limit` bytes of a regular file (symbolic links are followed). Never blocks: a FIFO,
  // a device or a directory is `failed`.
  [[nodiscard]] virtual Result<std::string> read(const std::string& path, std::size_t limit) = 0;

  // What `path` names, links followed.
  [[nodiscard]] virtual Result<FileStatus> status(const std::string& path) = 0;

  // What `path` is itself: a link is reported as symbolic_link.
  [[nodiscard]] virtual Result<FileStatus> link_status(const std::string& path) = 0;

  // Success if this process, with its effective ids, has the access to `path`. For execute it must
  // also be a regular file; root, too, needs one execute bit.
  [[nodiscard]] virtual Result<void> check_access(const std::string& path, Access access) = 0;

  // Makes the directory with mode 0755, parents too, and gives it to `owner` (the new parents stay
  // this process's own). A directory that exists stays as it is, its owner included. On an error
  // nothing that it made is left behind. Links on the way: as for the removals below.
  [[nodiscard]] virtual Result<void> create_directory(const std::string& path,
                                                      std::optional<Owner> owner) = 0;

  // The two removals never leave the place that the path spells. A symbolic link on the way is
  // followed only where root alone can have put it: it and every directory above it belong to root
  // and nobody else may write there (on /var/run -> /run that holds). Any other link on the way is
  // not_permitted. The last component itself is never followed: a link is removed, not its target.

  // Removes a file, link or FIFO; a directory is `failed`.
  [[nodiscard]] virtual Result<void> remove_file(const std::string& path) = 0;

  // Removes an empty directory; not_empty if it is not; `failed` if it is not a directory.
  [[nodiscard]] virtual Result<void> remove_directory(const std::string& path) = 0;
};

}  // namespace host
