#pragma once

#include <cstdint>
#include <random>

namespace sim {

// All random numbers of a run come from one seed: the same seed gives the same run on every
// machine.
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  // Each of the 2^64 numbers has the same probability.
  [[nodiscard]] std::uint64_t next() { return engine_(); }

  // From 0 to limit - 1. The limit is at least 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

  // Returns true with this probability: never for 0, always for 1.
  [[nodiscard]] bool happens(double probability) {
    constexpr double all = 18446744073709551616.0;  // 2^64
    return static_cast<double>(engine_()) < probability * all;
  }

 private:
  // The distributions of the standard library differ between implementations; this generator does
  // not.
  std::mt19937_64 engine_;
};

}  // namespace sim
