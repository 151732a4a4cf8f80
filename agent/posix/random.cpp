#include "agent/posix/random.h"

#include <sys/random.h>

#include <cstdlib>

namespace posix {

std::uint64_t PosixRandom::next() {
  std::uint64_t number = 0;
  // So few bytes come whole and without being interrupted; it can only fail on a kernel without it.
  if (::getrandom(&number, sizeof number, 0) != sizeof number) {
    std::abort();
  }
  return number;
}

}  // namespace posix
