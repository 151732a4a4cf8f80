#include "agent/posix/descriptor.h"

#include "agent/host/result.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <numeric>
#include <system_error>
#include <vector>

namespace posix {
namespace {

constexpr int first_free = 3;  // after the standard streams

Descriptor above_standard_streams(int descriptor) {
  if (descriptor >= first_free) {
    return Descriptor(descriptor);
  }
  const Descriptor low(descriptor);
  return Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, first_free));
}

}  // namespace

host::Result<Pipe> make_pipe() {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(host::error_from(errno, "pipe"));
  }
  Pipe pipe{.read_end = above_standard_streams(ends[0]),
            .write_end = above_standard_streams(ends[1])};
  if (!pipe.read_end.is_open() || !pipe.write_end.is_open()) {
    return tl::unexpected(host::error_from(errno, "pipe"));
  }
  return pipe;
}

namespace {

// Empty if /proc cannot be read: otherwise the list has at least the directory itself.
std::vector<unsigned> open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
  std::vector<unsigned> numbers;
  while (const dirent* const entry = directory ? ::readdir(directory.get()) : nullptr) {
    const char* const name = &entry->d_name[0];
    unsigned number = 0;
    if (std::from_chars(name, name + std::strlen(name), number).ec == std::errc{}) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

}  // namespace

void close_descriptors(unsigned first, unsigned last) {
  if (first > last || ::syscall(SYS_close_range, first, last, 0) == 0) {
    return;
  }
  // Many times the default limit of open files.
  constexpr unsigned most_without_proc = 65'536;
  auto numbers = open_descriptors();
  if (numbers.empty()) {
    numbers.resize(most_without_proc);
    std::iota(numbers.begin(), numbers.end(), 0U);
  }
  for (const unsigned number : numbers) {
    if (number >= first && number <= last) {
      ::close(static_cast<int>(number));
    }
  }
}

void keep_only(std::vector<int> descriptors) {
  std::ranges::sort(descriptors);
  unsigned first = 3;
  for (const int descriptor : descriptors) {
    const auto next = static_cast<unsigned>(descriptor);
    if (next > first) {
      close_descriptors(first, next - 1);
    }
    first = next + 1;
  }
  close_descriptors(first, ~0U);
  const int null = ::open("/dev/null", O_RDWR);
  for (int standard = 0; standard <= 2; ++standard) {
    ::dup2(null, standard);
  }
  if (null > 2) {
    ::close(null);
  }
}

void open_missing_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) {
      continue;
    }
    // open(2) takes the lowest free number, which is this one.
    const int mode = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", mode) < 0) {
      (void)::open("/", O_PATH);  // can neither be read nor written
    }
  }
}

}  // namespace posix
