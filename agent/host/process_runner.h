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

// What the kernel denies a program and all that it starts.
enum class Denied {
  nothing,
  children,   // to fork gives EAGAIN; to execute other programs goes (posix_spawn(3), system(3))
  addresses,  // to bind to an IP address succeeds and does nothing, so that nobody finds it there
};

// What to run: an argument vector, never a shell string.
struct Command {
  std::vector<std::string> arguments;  // the first is the absolute path of the program
  TimePoint deadline;

  // Where the program leaves a FIFO behind when it is killed: this text followed by its pid
  // (kamctl: "/tmp/kamailio_receiver_"). That FIFO is removed when the program has ended, however
  // it ended; anything else of that name is left alone. Empty: none.
  std::string reply_fifo_prefix = {};

  // Of a helper alone. One that cannot be denied it does not start.
  Denied denied = Denied::nothing;

  // Of a launch alone: once the program has written this, it gets SIGKILL. Empty: nothing.
  std::string hopeless_words = {};

  // Lines of its output with this text are not kept. Empty: all are.
  std::string ignored_lines = {};

  friend bool operator==(const Command&, const Command&) = default;
};

// What a program wrote: at most the first 64 KiB of each stream, without the lines that were to be
// ignored; the rest was read and dropped.
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

// It still ran at its deadline and was ended.
struct TimedOut {
  Output output;
  friend bool operator==(const TimedOut&, const TimedOut&) = default;
};

// It was ended before its deadline: the process that the run was bound to is gone, or the launched
// program has said that it is hopeless.
struct Abandoned {
  Output output;
  friend bool operator==(const Abandoned&, const Abandoned&) = default;
};

// Nothing ran. not_found: no such program, or no interpreter for it; not_permitted: not executable.
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

  // Runs helper programs side by side, each in a session of its own and with a minimal environment,
  // and returns one result for each (of none: none), in order, when the last has ended. A helper
  // has ended when the program itself has; whatever it started (in the background, in other groups
  // or sessions, too) is ended with it. At a helper's deadline all of it gets SIGTERM and 0.2 s
  // later SIGKILL. If this process is killed, all of it gets SIGKILL at once: whoever killed it is
  // not going to wait. If `while_alive` is given and that process ends, the helpers still running
  // are Abandoned.
  //
  // A helper that hangs in the kernel and cannot be killed is TimedOut 1 s after its deadline.
  [[nodiscard]] virtual std::vector<ProcessResult> run(
      std::span<const Command> helpers, const std::optional<ProcessId>& while_alive) = 0;

  // Runs a program that leaves a daemon behind, with this process's environment (except the
  // variables that speak of this action to an agent). Returns when the launched process itself has
  // ended, even if the daemon still holds its output, and leaves the daemon alone. At the deadline,
  // and at hopeless words, the launched process alone gets SIGKILL.
  [[nodiscard]] virtual ProcessResult launch(const Command& daemon) = 0;
};

}  // namespace host
