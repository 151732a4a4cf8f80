#pragma once

#include "agent/posix/descriptor.h"

#include <sys/types.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace node {

// A process on a node of its own: PID, mount, network, UTS and IPC namespaces. The process and all
// of its children end with the node, with this process, or by SIGKILL to `pid`. Its return value
// comes through the pipe `output`, which closes with the node.
struct Apart {
  pid_t pid = -1;  // the node's init; a child of this process
  posix::Descriptor output;
};

// The end of a process whose only parent on the node was init. PID 1 means that the init itself was
// sent the signal, and continues.
struct Death {
  int pid = 0;
  int signal = 0;  // 0: it exited
};

// The init of a node, as a process on the node sees it.
class Init {
 public:
  explicit Init(posix::Descriptor deaths) : deaths_(std::move(deaths)) {}

  // The ends since the last call. Does not wait.
  [[nodiscard]] std::vector<Death> deaths();

 private:
  posix::Descriptor deaths_;
};

// Starts the process: `make` creates the node and runs as its init, `play` is the process itself.
// If either throws, the output is "!" and the message. A user other than root needs a user
// namespace, in which that user is root. For a process with one thread; throws std::system_error.
[[nodiscard]] Apart run_apart(const std::function<void()>& make,
                              const std::function<std::string(Init&)>& play);

// The output of the process. Waits for its end.
[[nodiscard]] std::string heard_from(const Apart& apart);

}  // namespace node
