#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

// Checks an invariant that holds for any input. Aborts the process if it is violated, which is how
// a fuzzer notices.
inline void require(bool holds, const char* invariant) {
  if (!holds) {
    (void)std::fprintf(stderr, "violated invariant: %s\n", invariant);
    std::abort();
  }
}

}  // namespace fuzz
