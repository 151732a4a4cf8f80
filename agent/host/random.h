#pragma once

#include <cstdint>

namespace host {

// Numbers that nobody can guess, for values that must be globally unique: the branch and the tags
// of a SIP request (RFC 3261, sections 8.1.1.7 and 19.3).
class Random {
 public:
  virtual ~Random() = default;

  // Each of the 2^64 numbers is as likely as any other.
  [[nodiscard]] virtual std::uint64_t next() = 0;
};

}  // namespace host
