#include "agent/posix/random.h"

#include <sys/random.h>

#include <cstdlib>

namespace posix {

std::uint64_t PosixRandom::next() {
  if (left_ == 0) {
    // Up to 256 bytes come whole and uninterrupted; it can only fail on a kernel without it.
    if (::getrandom(numbers_.data(), sizeof numbers_, 0) != sizeof numbers_) {
      std::abort();
    }
    left_ = numbers_.size();
  }
  return numbers_[--left_];
}

}  // namespace posix
