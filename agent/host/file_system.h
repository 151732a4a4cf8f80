#pragma once

#include "agent/host/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace host {

enum class FileType { regular, directory, symbolic_link, fifo, other };

struct Owner {
  std::uint32_t user = 0;   // uid
  std::uint32_t group = 0;  // gid

  friend bool operator==(const Owner&, const Owner&) = default;
};

struct FileStatus {
  FileType type = FileType::other;
  std::uint64_t size = 0;  // bytes
  Owner owner = {};

  friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

// A directory or file that a user other than root can change.
struct Exposure {
  enum class To { owner, group, everybody };

  std::string path;
  To to = To::owner;
  Owner owner = {};

  friend bool operator==(const Exposure&, const Exposure&) = default;
};

// For messages: "/run/kamailio belongs to uid 108", "/tmp can be written by everybody".
[[nodiscard]] std::string text_of(const Exposure& exposure);

enum class Access { read, execute };

// The file system of the node. Paths are absolute. Errors: not_found when a component is missing,
// not_permitted for EACCES, EPERM and EROFS, failed otherwise; the text names the path.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Returns the first `limit` bytes of a regular file; symbolic links are followed. Never blocks: a
  // FIFO, a device or a directory is `failed`.
  [[nodiscard]] virtual Result<std::string> read(const std::string& path, std::size_t limit) = 0;

  // The status of the file that `path` names; links are followed.
  [[nodiscard]] virtual Result<FileStatus> status(const std::string& path) = 0;

  // The status of `path` itself: a link is reported as symbolic_link.
  [[nodiscard]] virtual Result<FileStatus> link_status(const std::string& path) = 0;

  // Success if this process has this access to `path` with its effective ids. For execute, `path`
  // must also be a regular file; even root needs one execute bit.
  [[nodiscard]] virtual Result<void> check_access(const std::string& path, Access access) = 0;

  // Who other than root can decide what `path` leads to: the first directory on the path in which
  // others can replace an entry, or the file itself if they can write to it. Nothing if only root
  // can. Symbolic links are followed. An entry that root owns in a directory with the sticky bit is
  // safe from others. If an entry is missing, the users who can create it count. Errors: those of
  // the path, such as a component that cannot be searched.
  [[nodiscard]] virtual Result<std::optional<Exposure>> exposure(const std::string& path) = 0;

  // Creates the directory and its parents with mode 0755, owned by this process's user and group. A
  // directory that exists stays as it is. On an error, nothing that it created is left behind.
  // Links on the path are treated as by the removals below.
  [[nodiscard]] virtual Result<void> create_directory(const std::string& path) = 0;

  // Makes this process's user and group the owners of an existing directory, with mode 0755; its
  // contents stay. Errors: not_permitted if a user other than root can change the path to it, so
  // that it may be another directory than the caller means; `failed` for a symbolic link and for
  // anything that is not a directory.
  [[nodiscard]] virtual Result<void> take_directory(const std::string& path) = 0;

  // Writes a new file with this text and mode 0600 in place of the one that has this name, if there
  // is one. What has failed, as on a full disk, leaves no file; a process that is killed can leave
  // one without its end. Links on the path, and the path itself, are treated as by the removals
  // below. Errors: not_found if the directory is missing; `failed` if the path is a directory.
  [[nodiscard]] virtual Result<void> replace_file(const std::string& path,
                                                  std::string_view text) = 0;

  // The two removals never leave the directories that the path names. A symbolic link on the path
  // is followed only if no one but root can have created it: the link and every directory above it
  // belong to root, and nobody else may write there (true for /var/run -> /run). Any other link on
  // the path is not_permitted. The last component is never followed: a link is removed, not its
  // target.

  // Removes a file, link or FIFO; a directory is `failed`.
  [[nodiscard]] virtual Result<void> remove_file(const std::string& path) = 0;

  // Removes an empty directory; not_empty if it is not; `failed` if it is not a directory.
  [[nodiscard]] virtual Result<void> remove_directory(const std::string& path) = 0;
};

}  // namespace host
