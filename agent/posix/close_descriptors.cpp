#include "agent/posix/close_descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <numeric>
#include <system_error>
#include <vector>

namespace posix {
namespace {

// Empty if /proc does not tell: then the directory itself is missing in it.
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
  // What a process may have open by default, many times over.
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

}  // namespace posix
