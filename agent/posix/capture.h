#pragma once

#include "agent/host/kept_output.h"
#include "agent/posix/descriptor.h"

#include <string>

namespace posix {

// The reading end of a program's output: keeps what host::KeptOutput keeps, reads and drops the
// rest so that the program never blocks on a full pipe.
class Capture {
 public:
  explicit Capture(Descriptor pipe, const std::string& ignored_lines = {});

  // Reads what is there now, at most 1 MiB in one go, and never waits.
  void read_available();

  // For poll(2); -1 at the end of the output.
  [[nodiscard]] int descriptor() const { return pipe_.get(); }
  [[nodiscard]] const std::string& text() const { return kept_.text(); }

 private:
  Descriptor pipe_;
  host::KeptOutput kept_;
};

}  // namespace posix
