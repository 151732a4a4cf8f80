#pragma once

#include "agent/host/result.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/error.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace posix {

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

// Both ends are closed on exec.
[[nodiscard]] inline host::Result<Pipe> make_pipe() {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(error_from(errno, "pipe"));
  }
  return Pipe{.read_end = Descriptor(ends[0]), .write_end = Descriptor(ends[1])};
}

}  // namespace posix
