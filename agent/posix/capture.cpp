#include "agent/posix/capture.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace posix {
namespace {

constexpr std::size_t bytes_in_one_go = 1024UL * 1024;

}  // namespace

Capture::Capture(Descriptor pipe, const std::string& ignored_lines)
    : pipe_(std::move(pipe)), kept_(ignored_lines) {
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
      kept_.end();
      return;
    }
    const auto size = static_cast<std::size_t>(count);
    kept_.add({part.data(), size});
    total += size;
  }
}

}  // namespace posix
