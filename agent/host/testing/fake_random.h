#pragma once

#include "agent/host/random.h"

namespace host::testing {

// Returns the same numbers in every run, each only once.
class FakeRandom final : public host::Random {
 public:
  [[nodiscard]] std::uint64_t next() override { return number_ += 0x9E3779B97F4A7C15U; }

 private:
  std::uint64_t number_ = 0;
};

}  // namespace host::testing
