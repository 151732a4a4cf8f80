#include "agent/posix/read_write.h"

#include "agent/host/result.h"
#include "agent/posix/activity.h"
#include "agent/posix/clock.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <utility>

namespace posix {
namespace {

// `path` is the name of the file in errors.
host::Result<std::string> read_to_end(const Descriptor& file, const std::string& path) {
  if (!file.is_open()) {
    return tl::unexpected(host::error_from(errno, path));
  }
  std::string text;
  for (std::array<char, 4096> part = {};;) {
    const ssize_t count = ::read(file.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return tl::unexpected(host::error_from(errno, path));
    }
    if (count == 0) {
      return text;
    }
    text.append(part.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

host::Result<std::string> read_all(const std::string& path) {
  const Activity activity("reading", path);
  return read_to_end(Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path);
}

host::Result<std::string> read_all(const Descriptor& directory, const std::string& directory_path,
                                   const std::string& name) {
  const std::string path = directory_path + "/" + name;
  const Activity activity("reading", path);
  return read_to_end(Descriptor(::openat(directory.get(), name.c_str(), O_RDONLY | O_CLOEXEC)),
                     path);
}

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

namespace {

// Sockets support single writes that do not wait.
ssize_t write_piece(int descriptor, std::string_view piece) {
  const ssize_t sent = ::send(descriptor, piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 && errno == ENOTSOCK ? ::write(descriptor, piece.data(), piece.size()) : sent;
}

}  // namespace

tl::expected<void, int> write_all(const Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(file.get(), text.data(), text.size());
    if (size < 0 && errno != EINTR) {
      return tl::unexpected(errno);
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  }
  return {};
}

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
      ::poll(nullptr, 0, pause_ms);  // poll(2) reports room that is too little for this write
    }
  }
  return {};
}

}  // namespace posix
