#include "agent/posix/descendants.h"

#include "agent/posix/process_handle.h"
#include "agent/posix/read_write.h"

#include <dirent.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace posix {
namespace {

constexpr int deepest = 64;  // generations; deeper processes become children later

// The decimal numbers in a text, with blanks between them.
std::vector<int> numbers_in(std::string_view text) {
  std::vector<int> numbers;
  while (!text.empty()) {
    int number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{}) {
      numbers.push_back(number);
    }
    text.remove_prefix(std::max<std::size_t>(static_cast<std::size_t>(stopped - text.data()), 1));
  }
  return numbers;
}

// proc(5), /proc/PID/task/TID/children: the children that each thread has forked.
std::vector<int> children_of(int parent) {
  const std::string tasks = "/proc/" + std::to_string(parent) + "/task";
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), ::closedir);
  std::vector<int> children;
  while (const dirent* const task = directory ? ::readdir(directory.get()) : nullptr) {
    if (const auto text = read_all(tasks + "/" + &task->d_name[0] + "/children")) {
      std::ranges::copy(numbers_in(*text), std::back_inserter(children));
    }
  }
  return children;
}

// The fourth field of /proc/PID/stat, counted from behind the command's name.
int parent_of(int pid) {
  const auto text = read_all("/proc/" + std::to_string(pid) + "/stat").value_or("");
  const auto comm_end = text.rfind(") ");
  int parent = 0;
  if (comm_end != std::string::npos && text.size() > comm_end + 4) {
    std::from_chars(text.data() + comm_end + 4, text.data() + text.size(), parent);
  }
  return parent;
}

void signal_children_of(int parent, int signal_number, int generation) {
  for (const int child : children_of(parent)) {
    const auto handle = hold_process(child);
    if (!handle || parent_of(child) != parent) {
      continue;  // it has ended, and its pid may be that of another process
    }
    if (generation < deepest) {
      signal_children_of(child, signal_number, generation + 1);
    }
    (void)handle->signal(signal_number);  // or it has ended by now
  }
}

}  // namespace

void signal_descendants(int signal_number) { signal_children_of(::getpid(), signal_number, 1); }

std::vector<int> own_children() { return children_of(::getpid()); }

void end_children_but(const std::vector<int>& spared, std::chrono::milliseconds time) {
  constexpr int pause_ms = 5;
  const auto end = std::chrono::steady_clock::now() + time;
  for (bool is_left = true; is_left && std::chrono::steady_clock::now() < end;) {
    is_left = false;
    for (const int child : own_children()) {
      if (std::ranges::find(spared, child) == spared.end() &&
          ::waitpid(child, nullptr, WNOHANG) == 0) {
        signal_children_of(child, SIGKILL, 1);
        ::kill(child, SIGKILL);  // its pid is its own until it is reaped
        is_left = true;
      }
    }
    if (is_left) {
      ::poll(nullptr, 0, pause_ms);
    }
  }
}

}  // namespace posix
