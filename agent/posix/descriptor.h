#pragma once

#include "agent/host/result.h"

#include <unistd.h>

#include <utility>
#include <vector>

namespace posix {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      value_ = std::exchange(other.value_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  void reset() {
    if (value_ >= 0) {
      ::close(std::exchange(value_, -1));
    }
  }

  // Hands it to another owner.
  [[nodiscard]] int release() { return std::exchange(value_, -1); }

  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] bool is_open() const { return value_ >= 0; }

 private:
  int value_ = -1;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

// Both ends are closed on exec, and neither is a standard stream, not even in a process that was
// started without those.
[[nodiscard]] host::Result<Pipe> make_pipe();

// Closes all open descriptors of this process from `first` to `last`: close_range(2), and before
// Linux 5.9, or where a filter refuses it, by what /proc/self/fd shows.
void close_descriptors(unsigned first, unsigned last);

// Leaves a forked process the descriptors that are named, each above 2, and /dev/null for its three
// standard streams: what it does not hold nobody waits for.
void keep_only(std::vector<int> descriptors);

// Opens /dev/null for each standard stream that this process was started without, or the next file
// that it opens would become its standard error. In the wrong direction, so that what is written
// there still fails. To be called before anything else is opened.
void open_missing_standard_streams();

}  // namespace posix
