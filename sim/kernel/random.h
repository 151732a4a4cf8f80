#pragma once

#include <cstdint>
#include <random>

namespace sim {

// All chance of a run comes from one seed: the same seed, the same run, on every machine.
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  // Each of the 2^64 numbers is as likely as any other.
  [[nodiscard]] std::uint64_t next() { return engine_(); }

  // From 0 to limit - 1. The limit is at least 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

  // True that often: 0 is never, 1 is always.
  [[nodiscard]] bool happens(double probability) {
    constexpr double all = 18446744073709551616.0;  // 2^64
    return static_cast<double>(engine_()) < probability * all;
  }

 private:
  // What the standard library draws from it would differ between implementations; itself does not.
  std::mt19937_64 engine_;
};

}  // namespace sim
