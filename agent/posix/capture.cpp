#include "agent/posix/capture.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace posix {
namespace {

constexpr std::size_t kept_bytes = 64UL * 1024;
constexpr std::size_t bytes_in_one_go = 1024UL * 1024;

}  // namespace

Capture::Capture(Descriptor pipe) : pipe_(std::move(pipe)) {
  ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
}

void Capture::read_available() {
  std::array<char, 16384> part = {};
  for (std::size_t total = 0; pipe_.is_open() && total < bytes_in_one_go;) {
    const ssize_t count = ::read(pipe_.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && errno == EAGAIN) {
      return;
    }
    if (count <= 0) {
      pipe_.reset();
      return;
    }
    const auto size = static_cast<std::size_t>(count);
    text_.append(part.data(), std::min(size, kept_bytes - text_.size()));
    total += size;
  }
}

}  // namespace posix
