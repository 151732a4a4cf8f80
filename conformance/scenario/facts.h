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

// The behaviour of a program that runs without an agent: observations and recorded facts.
// docs/scenarios.md has the keys.

// How a program ended.
struct Exited {
  int code = 0;

  friend bool operator==(const Exited&, const Exited&) = default;
};

struct Killed {
  int signal = 0;

  friend bool operator==(const Killed&, const Killed&) = default;
};

// The program did not end by itself in its time.
struct Hangs {
  friend bool operator==(const Hangs&, const Hangs&) = default;
};

// The result of an ask step: what sim::ask_options() returns.
struct Answered {
  std::string line;

  friend bool operator==(const Answered&, const Answered&) = default;
};

// A signal step has no ending.
using Ending = std::variant<std::monostate, Exited, Killed, Hangs, Answered>;

// A number of equal living processes.
struct LeftProcesses {
  std::string is;  // "main" and "child" of a server, "orphan" without its main process, or a name
  std::string user;
  bool is_stopped = false;
  int count = 1;

  friend bool operator==(const LeftProcesses&, const LeftProcesses&) = default;
};

// A file below /run or /tmp.
struct LeftFile {
  std::string path;
  std::string is;  // "file", "fifo", "socket", "link"
  std::string owner = "root:root";
  unsigned mode = 0644;
  // For a PID file, the process that it names: "main" or "child" of a server, "living" for any
  // other process, "dead" if there is none, "nothing" if the file has no number.
  std::string names = {};

  friend bool operator==(const LeftFile&, const LeftFile&) = default;
};

// All processes that a program or a server left, all files below /run and /tmp, and the sockets
// that wait for requests, without those of responders.
struct Leaves {
  std::vector<LeftProcesses> processes;
  std::vector<LeftFile> files;
  std::vector<host::Endpoint> listens;

  friend bool operator==(const Leaves&, const Leaves&) = default;
};

// What was observed.
struct Observation {
  Ending ending;
  std::vector<std::string> out;  // non-empty lines, without trailing blanks
  std::vector<std::string> err;
  host::Duration took{};
  Leaves leaves;
};

struct TimeRange {
  host::Duration least{};
  host::Duration most = std::chrono::seconds(1);

  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// The expected, reproducible part of an observation. Omitted facts are not compared.
struct Facts {
  Ending ending;
  // Patterns of lines that must be printed in this order, with any lines between them. Empty:
  // nothing may be printed.
  std::optional<std::vector<std::string>> out;
  std::optional<std::vector<std::string>> err;
  std::optional<TimeRange> takes;
  std::optional<Leaves> leaves;  // paths of files are patterns

  friend bool operator==(const Facts&, const Facts&) = default;
};

// A difference, in the words of scenarios.
struct Difference {
  std::string field;  // "exit", "err", "leaves: processes"
  std::string expected;
  std::string seen;

  friend bool operator==(const Difference&, const Difference&) = default;
};

[[nodiscard]] std::vector<Difference> differences_of(const Facts& facts, const Observation& seen);

// Splits the output of a program into the lines of an observation.
[[nodiscard]] std::vector<std::string> lines_in(const std::string& text);

// In a pattern, * matches any text, also none, and \* and \\ match these characters. Everything
// else matches itself.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

// Returns the first pattern that matches no line after the match of the pattern before it.
[[nodiscard]] std::optional<std::string> first_without_line(
    const std::vector<std::string>& patterns, const std::vector<std::string>& lines);

}  // namespace conformance
