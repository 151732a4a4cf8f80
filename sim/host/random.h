#pragma once

#include "agent/host/random.h"
#include "sim/kernel/random.h"

namespace sim {

// Guessed by whoever knows the seed.
class SimRandom final : public host::Random {
 public:
  explicit SimRandom(SeededRandom& random) : random_(random) {}

  [[nodiscard]] std::uint64_t next() override { return random_.next(); }

 private:
  SeededRandom& random_;
};

}  // namespace sim
