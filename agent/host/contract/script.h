#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace host::contract {

// The steps of a test program; at the end it exits with 0. A real world runs them as a program, a
// simulator interprets them.
enum class Act {
  write_out,           // writes the text to its standard output
  write_err,           // ... to its standard error
  fill_out,            // writes `number` bytes of filler() to its standard output
  fill_err,            // ... to its standard error
  flood_out,           // writes to its standard output without end
  close_output,        // closes standard output and standard error
  write_pid,           // writes its pid to its standard output
  describe,            // writes a Description of itself to its standard output, as text
  exit,                // exits with `number`
  die,                 // dies of the signal `number`
  rest,                // sleeps for `number` milliseconds
  stay,                // sleeps until it is ended
  stop,                // stops as by SIGSTOP
  meet,                // waits for another one with the same text and another number
  await_file,          // waits until the file that the text names exists
  ignore_terminate,    // ignores SIGTERM from now on
  touch_at_terminate,  // at SIGTERM, creates the file that the text names and exits with 0
  make_fifo,           // creates a FIFO: the text followed by its own pid
  make_file,           // creates a regular file of that name
  start_child,         // starts a process that runs `steps`; continues once that one stays or ends
  start_session,       // the same; that process leads a session of its own
  start_daemon,        // the same; that process has left its parent, too, by a double fork
};

struct Step {
  Act act;
  std::string text = {};
  int number = 0;
  std::vector<Step> steps = {};
};

using Script = std::vector<Step>;

// A program's description of itself: "working directory", "standard input" (its path),
// "descriptors", "ignored signals", "blocked signals" (numbers, each followed by a blank), "pid",
// "session", and "variable NAME" for each variable of its environment; of a real program also
// "group".
using Description = std::map<std::string, std::string>;

// One line for each entry: the key, a tabulator, the value.
inline std::string text_of(const Description& description) {
  std::string text;
  for (const auto& [key, value] : description) {
    text.append(key).append("\t").append(value).append("\n");
  }
  return text;
}

inline Description description_from(const std::string& text) {
  Description description;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto end = line.find('\t');
    description[line.substr(0, end)] = end == std::string::npos ? "" : line.substr(end + 1);
  }
  return description;
}

// The bytes that the fill acts write: different at each position.
inline std::string filler(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t position = 0; position < size; ++position) {
    text[position] = static_cast<char>('a' + (position + position / 26) % 26);
  }
  return text;
}

}  // namespace host::contract
