#pragma once

#include "agent/posix/descriptor.h"

#include <sys/types.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace node {

// A process on a node of its own: PID, mount, network, UTS and IPC namespaces. It and all that it
// leaves end with it, with this process, or by SIGKILL to `pid`. What it returns comes through the
// pipe `output`, which ends with the node.
struct Apart {
  pid_t pid = -1;  // the node's init; a child of this process
  posix::Descriptor output;
};

// The end of a process that had no other parent on the node than its init. With pid 1: the init
// itself was sent the signal, and goes on.
struct Death {
  int pid = 0;
  int signal = 0;  // 0: it ended by itself
};

// As what a process on a node sees its init.
class Init {
 public:
  explicit Init(posix::Descriptor deaths) : deaths_(std::move(deaths)) {}

  // Since the last call. Does not wait.
  [[nodiscard]] std::vector<Death> deaths();

 private:
  posix::Descriptor deaths_;
};

// Starts the process: `make` makes the node and runs as its init, `play` is the process itself. If
// either throws, the output is "!" and what it says. As another user than root it takes a user
// namespace, in which that user is root. For a process with one thread; throws std::system_error.
[[nodiscard]] Apart run_apart(const std::function<void()>& make,
                              const std::function<std::string(Init&)>& play);

// All that it says, when it has ended.
[[nodiscard]] std::string heard_from(const Apart& apart);

}  // namespace node
