#pragma once

#include "agent/host/clock.h"
#include "agent/host/kept_output.h"
#include "agent/host/result.h"
#include "agent/posix/descriptor.h"

#include <tl/expected.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace posix {

// A whole file of /proc. not_found means that the process is gone; any other error must not be
// taken for that, or a node out of descriptors would look like one where nothing runs. The streams
// of the standard library would do the same, and bring their locales into the agent: almost half a
// megabyte.
[[nodiscard]] host::Result<std::string> read_all(const std::string& path);

// The same for a file in an open directory. Errors name it by the path of the directory.
[[nodiscard]] host::Result<std::string> read_all(const Descriptor& directory,
                                                 const std::string& directory_path,
                                                 const std::string& name);

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

// How long a reader of standard output or standard error may keep the agent waiting.
inline constexpr std::chrono::seconds stream_patience(1);

// Writes a text to a descriptor that other processes may share, which rules out O_NONBLOCK: waits
// until there is room for a piece that a pipe takes whole, and writes just that. Only another
// writer that takes the room in between can still make it block. Takes at most `patience` and
// allocates nothing. Error: an errno value, ETIMEDOUT if there was no room for so long.
[[nodiscard]] tl::expected<void, int> write_patiently(int descriptor, std::string_view text,
                                                      host::Duration patience);

}  // namespace posix
