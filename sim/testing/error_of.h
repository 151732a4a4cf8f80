#pragma once

#include "sim/machine/system_call.h"

namespace sim::testing {

// 0 if the call succeeded.
template <typename T>
int error_of(const Errno<T>& result) {
  return result ? 0 : result.error();
}

}  // namespace sim::testing
