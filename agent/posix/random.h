#pragma once

#include "agent/host/random.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace posix {

// The kernel's random numbers: from getrandom(2), or if that fails from /dev/urandom. If both fail,
// numbers derived from those that the kernel gave this program at its start. Never waits.
class PosixRandom final : public host::Random {
 public:
  [[nodiscard]] std::uint64_t next() override;

 private:
  std::array<std::uint64_t, 8> numbers_ = {};  // drawn at once: each draw is a system call
  std::size_t left_ = 0;
  std::uint64_t drawn_without_kernel_ = 0;
};

}  // namespace posix
