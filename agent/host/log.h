#pragma once

#include <string_view>

namespace host {

enum class Level { critical, error, warning, info, debug };

// Messages to the operator. Never fails and never blocks an action: a message that cannot be
// written is dropped. Each text is made to fit on one line.
class Log {
 public:
  virtual ~Log() = default;

  virtual void write(Level level, std::string_view text) = 0;

  // Writes the exit reason of the action to the log, and to standard error in the form that
  // Pacemaker shows to the operator. Pacemaker takes the last such line, so call it once, last.
  virtual void exit_reason(Level level, std::string_view text) = 0;
};

}  // namespace host
