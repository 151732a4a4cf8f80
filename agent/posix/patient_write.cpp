#include "agent/posix/patient_write.h"

#include "agent/posix/clock.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>

namespace posix {
namespace {

// A socket does take single writes that do not wait.
ssize_t write_piece(int descriptor, std::string_view piece) {
  const ssize_t sent = ::send(descriptor, piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 && errno == ENOTSOCK ? ::write(descriptor, piece.data(), piece.size()) : sent;
}

}  // namespace

tl::expected<void, int> write_patiently(int descriptor, std::string_view text,
                                        host::Duration patience) {
  constexpr int pause_ms = 5;
  const host::TimePoint end = std::chrono::steady_clock::now() + patience;
  while (!text.empty()) {
    pollfd room = {.fd = descriptor, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&room, 1, poll_timeout_ms(end));
    const ssize_t size = ready > 0 ? write_piece(descriptor, text.substr(0, PIPE_BUF)) : ready;
    const int failure = size < 0 ? errno : 0;
    if (size > 0) {
      text.remove_prefix(static_cast<std::size_t>(size));
    } else if (failure != 0 && failure != EINTR && failure != EAGAIN) {
      return tl::unexpected(failure);
    } else if (std::chrono::steady_clock::now() >= end) {
      return tl::unexpected(ETIMEDOUT);
    } else if (failure == EAGAIN) {
      ::poll(nullptr, 0, pause_ms);  // poll(2) sees room where this write does not
    }
  }
  return {};
}

}  // namespace posix
