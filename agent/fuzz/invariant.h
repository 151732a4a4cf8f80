#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

// States what must hold for any input. Ends the process if it does not, since that is how a fuzzer
// learns of it.
inline void require(bool holds, const char* invariant) {
  if (!holds) {
    (void)std::fprintf(stderr, "violated invariant: %s\n", invariant);
    std::abort();
  }
}

}  // namespace fuzz
