#include "agent/posix/random.h"

#include "agent/posix/descriptor.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <span>

namespace posix {
namespace {

// Does not wait: early at boot the kernel has no random numbers yet.
bool draw_from_kernel(std::span<std::uint64_t> numbers) {
  constexpr int most_attempts = 10;
  ssize_t count = -1;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    count = ::getrandom(numbers.data(), numbers.size_bytes(), GRND_NONBLOCK);
    if (count >= 0 || errno != EINTR) {
      break;
    }
  }
  return count == static_cast<ssize_t>(numbers.size_bytes());
}

bool draw_from_device(std::span<std::uint64_t> numbers) {
  const Descriptor device(::open("/dev/urandom", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  return device.is_open() && ::read(device.get(), numbers.data(), numbers.size_bytes()) ==
                                 static_cast<ssize_t>(numbers.size_bytes());
}

// Spreads each bit over all of them: the finalizer of SplitMix64.
std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ number >> 30U) * 0xBF58476D1CE4E5B9U;
  number = (number ^ number >> 27U) * 0x94D049BB133111EBU;
  return number ^ number >> 31U;
}

// Derives numbers from the 16 random bytes that the kernel gives each program (getauxval(3),
// AT_RANDOM), the clock and a count. Nobody else knows the bytes, so nobody can guess the numbers,
// although they are not cryptographically strong.
void draw_from_start(std::span<std::uint64_t> numbers, std::uint64_t& count) {
  std::array<std::uint64_t, 2> secret = {};
  if (const auto* const bytes = reinterpret_cast<const void*>(::getauxval(AT_RANDOM));
      bytes != nullptr) {
    std::memcpy(secret.data(), bytes, sizeof secret);
  }
  const auto clock =
      static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  const auto pid = static_cast<std::uint64_t>(::getpid());
  for (auto& number : numbers) {
    number = mixed(mixed(mixed(++count ^ secret[0]) ^ clock ^ pid << 40U) ^ secret[1]);
  }
}

}  // namespace

std::uint64_t PosixRandom::next() {
  if (left_ == 0) {
    if (!draw_from_kernel(numbers_) && !draw_from_device(numbers_)) {
      draw_from_start(numbers_, drawn_without_kernel_);
    }
    left_ = numbers_.size();
  }
  return numbers_[--left_];
}

}  // namespace posix
