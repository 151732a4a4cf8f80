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

// Reads a whole file of /proc. not_found means that the process is gone. No other error may be
// treated as that, or a node without free descriptors would look as if nothing ran there. Standard
// library streams are not used, since their locales would add almost half a megabyte to the agent.
[[nodiscard]] host::Result<std::string> read_all(const std::string& path);

// The same for a file in an open directory. Errors contain the path of the directory.
[[nodiscard]] host::Result<std::string> read_all(const Descriptor& directory,
                                                 const std::string& directory_path,
                                                 const std::string& name);

// The reading end of a program's output. It keeps the part that host::KeptOutput keeps, and reads
// and drops the rest so that the program never blocks on a full pipe.
class Capture {
 public:
  explicit Capture(Descriptor pipe, const std::string& ignored_lines = {});

  // Reads the bytes that are available now, at most 1 MiB in one go, and never waits.
  void read_available();

  // For poll(2); -1 at the end of the output.
  [[nodiscard]] int descriptor() const { return pipe_.get(); }
  [[nodiscard]] const std::string& text() const { return kept_.text(); }

 private:
  Descriptor pipe_;
  host::KeptOutput kept_;
};

// Writes all of a text to a file. Error: an errno value; part of the text may have been written.
[[nodiscard]] tl::expected<void, int> write_all(const Descriptor& file, std::string_view text);

// How long a reader of standard output or standard error may keep the agent waiting.
inline constexpr std::chrono::seconds stream_patience(1);

// Writes a text to a descriptor that other processes may share, which rules out O_NONBLOCK: waits
// until there is room for a piece that a pipe accepts as a whole, and writes only that. It can
// block only if another writer takes the room in between. Takes at most `patience` and allocates
// nothing. Error: an errno value, ETIMEDOUT if there was no room for so long.
[[nodiscard]] tl::expected<void, int> write_patiently(int descriptor, std::string_view text,
                                                      host::Duration patience);

}  // namespace posix
