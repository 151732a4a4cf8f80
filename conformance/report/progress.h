#pragma once

#include "agent/host/clock.h"
#include "conformance/outcome/outcome.h"

#include <cstddef>
#include <optional>
#include <string>

namespace conformance {

enum class Colors { none, ansi };

// What the environment variable NO_COLOR asks for, null if it is not set: https://no-color.org
[[nodiscard]] Colors colors_for(const char* no_color);

struct ProgressState {
  std::size_t finished = 0;
  std::size_t total = 0;
  std::size_t failed = 0;
  std::string name;  // of what is asked now, with its rig
};

// "123/331  2 failed  stop-of-orphans/builtin [fakes]", the name cut where it does not fit.
[[nodiscard]] std::string progress_line(const ProgressState& state, std::size_t columns,
                                        Colors colors);

// One line at the bottom of a terminal that tells how far a run has come, written over again ten
// times a second at most. If the descriptor is no terminal, nothing is ever written.
class Progress {
 public:
  Progress(int descriptor, std::size_t total, Colors colors, const host::Clock& clock);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(const Question& question, const std::string& rig);
  void end(Outcome::Verdict verdict);

  // Shows what the limit has held back, if its time has come; for who waits long.
  void refresh();

  // Makes room for other output. The line is back with the next begin().
  void clear();

 private:
  void write(const std::string& text) const;

  int descriptor_;
  bool is_terminal_;
  Colors colors_;
  const host::Clock& clock_;
  ProgressState state_;
  std::size_t shown_ = 0;  // the columns that are taken now
  std::optional<host::TimePoint> drawn_;
};

}  // namespace conformance
