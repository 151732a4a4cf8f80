#pragma once

#include "agent/host/random.h"

namespace posix {

// The kernel's random numbers: getrandom(2).
class PosixRandom final : public host::Random {
 public:
  [[nodiscard]] std::uint64_t next() override;
};

}  // namespace posix
