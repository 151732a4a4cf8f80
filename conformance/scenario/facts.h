#pragma once

#include "agent/host/clock.h"
#include "agent/host/network.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace conformance {

// What a program does that is run without an agent: what was seen, and what is known of it.
// docs/scenarios.md has the words.

// How it ended.
struct Exited {
  int code = 0;

  friend bool operator==(const Exited&, const Exited&) = default;
};

struct Killed {
  int signal = 0;

  friend bool operator==(const Killed&, const Killed&) = default;
};

// It did not end by itself in the time it was given.
struct Hangs {
  friend bool operator==(const Hangs&, const Hangs&) = default;
};

// Of a question: what sim::ask_options() returns.
struct Answered {
  std::string line;

  friend bool operator==(const Answered&, const Answered&) = default;
};

// A signal that was sent has none.
using Ending = std::variant<std::monostate, Exited, Killed, Hangs, Answered>;

// Living processes that are alike.
struct LeftProcesses {
  std::string is;  // "main" and "child" of a server, "orphan" without its main process, or a name
  std::string user;
  bool is_stopped = false;
  int count = 1;

  friend bool operator==(const LeftProcesses&, const LeftProcesses&) = default;
};

// What a file below /run or /tmp is.
struct LeftFile {
  std::string path;
  std::string is;  // "file", "fifo", "socket", "link"
  std::string owner = "root:root";
  unsigned mode = 0644;
  // Of a PID file, whom it names: "main" or "child" of a server, "living" for any other process,
  // "dead" if there is none, "nothing" if it holds no number.
  std::string names = {};

  friend bool operator==(const LeftFile&, const LeftFile&) = default;
};

// All processes that a program or a server left, all files below /run and /tmp, and the sockets
// that await requests, but for those of responders.
struct Leaves {
  std::vector<LeftProcesses> processes;
  std::vector<LeftFile> files;
  std::vector<host::Endpoint> listens;

  friend bool operator==(const Leaves&, const Leaves&) = default;
};

// What was seen.
struct Observation {
  Ending ending;
  std::vector<std::string> out;  // lines without blanks at their ends, and without the empty ones
  std::vector<std::string> err;
  host::Duration took{};
  Leaves leaves;
};

struct TimeRange {
  host::Duration least{};
  host::Duration most = std::chrono::seconds(1);

  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// What is expected: an observation, as far as it matters and will be the same again. What is left
// out does not matter.
struct Facts {
  Ending ending;
  // Patterns of lines that were printed in this order, others may stand between them. Empty:
  // nothing was printed.
  std::optional<std::vector<std::string>> out;
  std::optional<std::vector<std::string>> err;
  std::optional<TimeRange> takes;
  std::optional<Leaves> leaves;  // paths of files are patterns

  friend bool operator==(const Facts&, const Facts&) = default;
};

// Something that is otherwise, in the words of scenarios.
struct Difference {
  std::string field;  // "exit", "err", "leaves: processes"
  std::string expected;
  std::string seen;

  friend bool operator==(const Difference&, const Difference&) = default;
};

[[nodiscard]] std::vector<Difference> differences_of(const Facts& facts, const Observation& seen);

// The lines of what a program printed, as an observation has them.
[[nodiscard]] std::vector<std::string> lines_in(const std::string& text);

// In a pattern, * stands for any text, also for none, and \* and \\ for these characters. All else
// stands for itself.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

// Each pattern matches a line behind that of the one before. The first that does not.
[[nodiscard]] std::optional<std::string> first_without_line(
    const std::vector<std::string>& patterns, const std::vector<std::string>& lines);

}  // namespace conformance
