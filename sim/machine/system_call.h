#pragma once

#include <tl/expected.hpp>

#include <cstdint>

namespace sim {

// The identity of a process: its effective ids and its umask.
struct Identity {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  unsigned creation_mask = 022;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// The result of a simulated system call: a value, or an errno value.
template <typename T>
using Errno = tl::expected<T, int>;

}  // namespace sim
