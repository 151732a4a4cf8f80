#pragma once

#include "agent/host/clock.h"
#include "conformance/outcome/outcome.h"

#include <cstddef>
#include <optional>
#include <string>

namespace conformance {

enum class Colors { none, ansi };

// Follows the environment variable NO_COLOR, null if it is not set: https://no-color.org
[[nodiscard]] Colors colors_for(const char* no_color);

struct ProgressState {
  std::size_t finished = 0;
  std::size_t total = 0;
  std::size_t failed = 0;
  std::string name;  // of the current check, with its rig
};

// "123/331  2 failed  stop-of-orphans/builtin [fakes]", with the name shortened to fit.
[[nodiscard]] std::string progress_line(const ProgressState& state, std::size_t columns,
                                        Colors colors);

// A progress line at the bottom of a terminal, rewritten at most ten times a second. Writes nothing
// if the descriptor is not a terminal.
class Progress {
 public:
  Progress(int descriptor, std::size_t total, Colors colors, const host::Clock& clock);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(const Question& question, const std::string& rig);
  void end(Outcome::Verdict verdict);

  // Draws a line that the rate limit has delayed; for long waits.
  void refresh();

  // Clears the line for other output. The next begin() draws it again.
  void clear();

 private:
  void write(const std::string& text) const;

  int descriptor_;
  bool is_terminal_;
  Colors colors_;
  const host::Clock& clock_;
  ProgressState state_;
  std::size_t shown_ = 0;  // the columns in use
  std::optional<host::TimePoint> drawn_;
};

}  // namespace conformance
