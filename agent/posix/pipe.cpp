#include "agent/posix/pipe.h"

#include "agent/host/errno.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace posix {
namespace {

constexpr int first_free = 3;  // after the standard streams

Descriptor above_standard_streams(int descriptor) {
  if (descriptor >= first_free) {
    return Descriptor(descriptor);
  }
  const Descriptor low(descriptor);
  return Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, first_free));
}

}  // namespace

host::Result<Pipe> make_pipe() {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(host::error_from(errno, "pipe"));
  }
  Pipe pipe{.read_end = above_standard_streams(ends[0]),
            .write_end = above_standard_streams(ends[1])};
  if (!pipe.read_end.is_open() || !pipe.write_end.is_open()) {
    return tl::unexpected(host::error_from(errno, "pipe"));
  }
  return pipe;
}

}  // namespace posix
