#pragma once

#include "agent/host/clock.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace host {

// What the kernel denies a program and all its descendants.
enum class Denied {
  nothing,
  children,   // fork fails with EAGAIN; executing programs works (posix_spawn(3), system(3))
  addresses,  // bind to an IP address succeeds without effect, so that no client reaches it
};

// A program to run: an argument vector, never a shell string.
struct Command {
  std::vector<std::string> arguments;  // the first is the absolute path of the program
  TimePoint deadline;

  // The prefix of a FIFO that the program leaves behind when it is killed; its pid follows (kamctl:
  // "/tmp/kamailio_receiver_"). The FIFO is removed when the program has ended, in whatever way;
  // any other file of that name is left alone. Empty: none.
  std::string reply_fifo_prefix = {};

  // Only for helpers. A helper to which this cannot be denied does not start.
  Denied denied = Denied::nothing;

  // Only for launches: the program gets SIGKILL once it has written this text. Empty: never.
  std::string hopeless_words = {};

  // Lines of its output that contain this text are not kept. Empty: all lines are kept.
  std::string ignored_lines = {};

  friend bool operator==(const Command&, const Command&) = default;
};

// The output of a program: at most the first 64 KiB of each stream, without the ignored lines. The
// rest is read and dropped.
struct Output {
  std::string out;
  std::string err;

  friend bool operator==(const Output&, const Output&) = default;
};

struct Exited {
  int code = 0;
  Output output;
  friend bool operator==(const Exited&, const Exited&) = default;
};

struct Signaled {
  int signal = 0;  // as POSIX numbers it
  Output output;
  friend bool operator==(const Signaled&, const Signaled&) = default;
};

// The program still ran at its deadline and was ended.
struct TimedOut {
  Output output;
  friend bool operator==(const TimedOut&, const TimedOut&) = default;
};

// The program was ended before its deadline, because the process to which the run was bound ended,
// or because a launched program wrote its hopeless words.
struct Abandoned {
  Output output;
  friend bool operator==(const Abandoned&, const Abandoned&) = default;
};

// The program did not start. not_found: it, or its interpreter, does not exist; not_permitted: it
// is not executable.
struct NotStarted {
  Error error;
  friend bool operator==(const NotStarted&, const NotStarted&) = default;
};

using ProcessResult = std::variant<Exited, Signaled, TimedOut, Abandoned, NotStarted>;

// Starts programs. Each gets /dev/null as standard input, / as working directory, default signal
// handling, and no descriptor but its three standard streams.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  // Runs helper programs in parallel, each in its own session and with a minimal environment.
  // Returns one result for each, in order, when the last has ended (an empty vector for none). A
  // helper has ended when the program itself has; all processes that it started are ended with it,
  // also in the background or in other groups or sessions. At a helper's deadline all of them get
  // SIGTERM, and SIGKILL 0.2 s later. If this process is killed, all of them get SIGKILL at once,
  // since the cluster that killed it does not wait. If `while_alive` is given and that process
  // ends, the helpers still running are Abandoned.
  //
  // A helper that hangs in the kernel and cannot be killed is TimedOut 1 s after its deadline.
  [[nodiscard]] virtual std::vector<ProcessResult> run(
      std::span<const Command> helpers, const std::optional<ProcessId>& while_alive) = 0;

  // Runs a program that leaves a daemon behind, with this process's environment (see
  // daemon_environment). Returns when the launched process itself has ended, even if the daemon
  // still holds its output open, and leaves the daemon alone. At the deadline, and at hopeless
  // words, only the launched process gets SIGKILL.
  [[nodiscard]] virtual ProcessResult launch(const Command& daemon) = 0;
};

}  // namespace host
