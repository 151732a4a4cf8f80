#pragma once

#include <tl/expected.hpp>

namespace sim {

// What a system call of the simulated machine gives: a value, or an errno value.
template <typename T>
using Errno = tl::expected<T, int>;

}  // namespace sim
