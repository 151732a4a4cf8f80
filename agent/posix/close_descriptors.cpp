#include "agent/posix/close_descriptors.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

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

}  // namespace posix
