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

// Both ends are closed on exec, and neither is a standard stream, even in a process that was
// started without standard streams.
[[nodiscard]] host::Result<Pipe> make_pipe();

// Closes all open descriptors of this process from `first` to `last`: with close_range(2), or,
// before Linux 5.9 or if a filter refuses that call, those that /proc/self/fd lists.
void close_descriptors(unsigned first, unsigned last);

// Closes all descriptors of a forked process except the given ones, each above 2, and makes
// /dev/null its three standard streams, so that nobody waits for a descriptor that it holds.
void keep_only(std::vector<int> descriptors);

// Opens /dev/null for each standard stream that this process was started without; otherwise the
// next file that it opens would become its standard error. Opens it in the wrong direction, so that
// writes to the stream still fail. Call it before anything else is opened.
void open_missing_standard_streams();

}  // namespace posix
