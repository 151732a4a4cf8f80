#pragma once

#include "agent/host/file_system.h"
#include "agent/host/result.h"
#include "agent/posix/descriptor.h"

#include <optional>
#include <string>

namespace posix {

// A directory held open, and the name of an entry in it.
struct Entry {
  Descriptor directory;  // O_PATH
  std::string name;
  std::optional<host::Exposure> exposure;  // of the path to the entry
};

// Opens the directory that contains the last component of an absolute path, step by step, so that
// nobody can replace a directory by a link between the check and the use. A symbolic link on the
// path is followed only if no one but root can have created it; see FileSystem for the rule.
[[nodiscard]] host::Result<Entry> open_parent(const std::string& path);

// See FileSystem.
[[nodiscard]] host::Result<std::optional<host::Exposure>> exposure_of(const std::string& path);

}  // namespace posix
