#include "agent/posix/descendants.h"

#include "agent/posix/descriptor.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace posix {
namespace {

constexpr int deepest = 64;  // generations; those below become children in their turn

// proc(5), /proc/PID/task/TID/children: the children that each thread has forked.
std::vector<int> children_of(int parent) {
  std::vector<int> children;
  std::error_code gone;
  std::filesystem::directory_iterator task("/proc/" + std::to_string(parent) + "/task", gone);
  for (; !gone && task != std::filesystem::directory_iterator(); task.increment(gone)) {
    std::ifstream file(task->path() / "children");
    for (int child = 0; file >> child;) {
      children.push_back(child);
    }
  }
  return children;
}

// The fourth field of /proc/PID/stat, counted from behind the command's name.
int parent_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto comm_end = text.rfind(") ");
  int parent = 0;
  if (comm_end != std::string::npos && text.size() > comm_end + 4) {
    std::from_chars(text.data() + comm_end + 4, text.data() + text.size(), parent);
  }
  return parent;
}

void signal_children_of(int parent, int signal_number, int generation) {
  for (const int child : children_of(parent)) {
    const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    if (!handle.is_open() || parent_of(child) != parent) {
      continue;  // it has ended, and its pid may be somebody else's by now
    }
    if (generation < deepest) {
      signal_children_of(child, signal_number, generation + 1);
    }
    ::syscall(SYS_pidfd_send_signal, handle.get(), signal_number, nullptr, 0);
  }
}

}  // namespace

void signal_descendants(int signal_number) { signal_children_of(::getpid(), signal_number, 1); }

}  // namespace posix
