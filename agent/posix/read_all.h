#pragma once

#include "agent/host/result.h"
#include "agent/posix/descriptor.h"

#include <string>

namespace posix {

// A whole file of /proc. not_found means that the process is gone; any other error must not be
// taken for that, or a node out of descriptors would look like one where nothing runs. The streams
// of the standard library would do the same, and bring their locales into the agent: almost half a
// megabyte.
[[nodiscard]] host::Result<std::string> read_all(const std::string& path);

// The same for a file in an open directory. Errors name it by the path of the directory.
[[nodiscard]] host::Result<std::string> read_all(const Descriptor& directory,
                                                 const std::string& directory_path,
                                                 const std::string& name);

}  // namespace posix
