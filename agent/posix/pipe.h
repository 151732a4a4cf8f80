#pragma once

#include "agent/host/result.h"
#include "agent/posix/descriptor.h"

namespace posix {

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

// Both ends are closed on exec, and neither is a standard stream, not even in a process that was
// started without those.
[[nodiscard]] host::Result<Pipe> make_pipe();

}  // namespace posix
