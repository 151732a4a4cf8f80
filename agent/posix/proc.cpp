#include "agent/posix/proc.h"

#include "agent/base/number.h"
#include "agent/host/result.h"
#include "agent/posix/read_write.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <csignal>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace posix {
namespace {

host::ProcessState state_from(char letter) {
  switch (letter) {
    case 'T':
    case 't':
      return host::ProcessState::stopped;
    case 'D':
      return host::ProcessState::uninterruptible;
    case 'Z':
    case 'X':
      return host::ProcessState::zombie;
    default:
      return host::ProcessState::running;
  }
}

// In a process that exits, each other thread has a pending SIGKILL before the first one begins to
// exit (Linux, zap_other_threads). A thread that cannot be inspected counts as alive.
bool lives_on(const ProcessDirectory& process, const std::string& thread) {
  const auto text = process.read(thread + "/stat");
  const auto line = text ? parse_stat(*text) : std::nullopt;
  if (line && (line->stat.state == host::ProcessState::zombie ||
               line->stat.state == host::ProcessState::exiting)) {
    return false;
  }
  const auto status = process.read(thread + "/status");
  if (!status) {
    return status.error().kind != host::ErrorKind::not_found;
  }
  constexpr int hexadecimal = 16;
  const auto signals =
      base::number_in<std::uint64_t>(status_line(*status, "SigPnd"), hexadecimal).value_or(0);
  return (signals & (std::uint64_t{1} << static_cast<unsigned>(SIGKILL - 1))) == 0;
}

bool has_living_thread(const ProcessDirectory& process) {
  // Uses the open directory, since the pid may be another process's by now.
  const auto tasks = "/proc/self/fd/" + std::to_string(process.handle.get()) + "/task";
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), ::closedir);
  if (directory == nullptr) {
    return errno != ENOENT && errno != ESRCH;
  }
  errno = 0;
  while (const dirent* const task = ::readdir(directory.get())) {
    const std::string name = &task->d_name[0];
    if (base::number_in<int>(name) && lives_on(process, "task/" + name)) {
      return true;
    }
    errno = 0;
  }
  return errno != 0 && errno != ENOENT && errno != ESRCH;
}

}  // namespace

// proc(5): "pid (comm) state ppid ..."; comm may contain blanks and parentheses, so fields are
// counted from the last parenthesis. The start time is field 22.
std::optional<StatLine> parse_stat(std::string_view text) {
  const auto comm_begin = text.find('(');
  const auto comm_end = text.rfind(')');
  if (comm_end == std::string_view::npos || comm_begin >= comm_end) {
    return std::nullopt;
  }
  std::vector<std::string_view> fields;  // fields[0] is field 3
  std::string_view rest = text.substr(comm_end + 1);
  for (auto begin = rest.find_first_not_of(" \n"); begin != std::string_view::npos;
       begin = rest.find_first_not_of(" \n")) {
    rest.remove_prefix(begin);
    fields.push_back(rest.substr(0, rest.find_first_of(" \n")));
    rest.remove_prefix(fields.back().size());
  }
  constexpr std::size_t parent_field = 4 - 3;
  constexpr std::size_t session_field = 6 - 3;
  constexpr std::size_t flags_field = 9 - 3;
  constexpr std::size_t threads_field = 20 - 3;
  constexpr std::size_t start_time_field = 22 - 3;
  if (fields.size() <= start_time_field) {
    return std::nullopt;
  }
  const auto parent = base::number_in<int>(fields[parent_field]);
  const auto session = base::number_in<int>(fields[session_field]);
  const auto flags = base::number_in<std::uint32_t>(fields[flags_field]);
  const auto threads = base::number_in<int>(fields[threads_field]);
  const auto start_time = base::number_in<std::uint64_t>(fields[start_time_field]);
  if (!parent || !session || !flags || !threads || !start_time) {
    return std::nullopt;
  }
  // Linux, include/linux/sched.h: PF_EXITING, PF_KTHREAD.
  constexpr std::uint32_t exiting = 0x4;
  constexpr std::uint32_t kernel_thread = 0x200000;
  auto state = state_from(fields[0].front());
  if (state != host::ProcessState::zombie && (*flags & exiting) != 0) {
    state = host::ProcessState::exiting;
  }
  return StatLine{
      .stat = {.name = std::string(text.substr(comm_begin + 1, comm_end - comm_begin - 1)),
               .parent = *parent,
               .session = *session,
               .state = state,
               .start_time = *start_time,
               .is_kernel_thread = (*flags & kernel_thread) != 0},
      .state = fields[0].front(),
      .threads = *threads};
}

host::Result<std::string> ProcessDirectory::read(const std::string& name) const {
  return read_all(handle, path, name);
}

host::Result<ProcessDirectory> open_process_directory(int pid) {
  ProcessDirectory directory{.path = "/proc/" + std::to_string(pid)};
  directory.handle = Descriptor(::open(directory.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.handle.is_open()) {
    return tl::unexpected(host::error_from(errno, directory.path));
  }
  return directory;
}

std::string_view status_line(std::string_view status, const std::string& name) {
  const std::string start = "\n" + name + ":\t";
  const auto begin = status.find(start);
  if (begin == std::string_view::npos) {
    return {};
  }
  status.remove_prefix(begin + start.size());
  return status.substr(0, status.find('\n'));
}

host::Result<ProcessStat> read_stat(const ProcessDirectory& directory) {
  const auto text = directory.read("stat");
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto line = parse_stat(*text);
  if (!line) {
    return tl::unexpected(
        host::Error{.text = directory.path + "/stat: not in the form of proc(5)"});
  }
  auto& stat = line->stat;
  if (stat.state == host::ProcessState::zombie && line->threads > 1) {
    // Its main thread has ended; descriptors of the other threads stay open.
    stat.is_headless = has_living_thread(directory);
    stat.state = stat.is_headless ? host::ProcessState::running : host::ProcessState::exiting;
  }
  return stat;
}

namespace {

// capabilities(7): a process with CAP_SYS_PTRACE sees all others, however /proc is mounted.
bool may_look_at_all_processes() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data = {};
  return ::syscall(SYS_capget, &header, data.data()) == 0 &&
         (data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective & CAP_TO_MASK(CAP_SYS_PTRACE)) != 0;
}

// The value of "NAME=VALUE" among the words of a line, which are separated by blanks and commas.
std::string_view option_in(std::string_view line, std::string_view name) {
  while (!line.empty()) {
    const auto word = line.substr(0, line.find_first_of(" ,"));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) {
      return word.substr(name.size() + 1);
    }
  }
  return {};
}

bool is_member_of(gid_t group) {
  std::vector<gid_t> groups(NGROUPS_MAX);
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return ::getegid() == group || std::ranges::find(groups, group) != groups.end();
}

}  // namespace

bool hides_processes(std::string_view mounts, bool (*is_member)(gid_t group)) {
  bool is_hiding = false;  // the last mount hides earlier ones
  while (!mounts.empty()) {
    const auto line = mounts.substr(0, mounts.find('\n'));
    mounts.remove_prefix(std::min(line.size() + 1, mounts.size()));
    if (line.find(" /proc ") == std::string_view::npos) {
      continue;
    }
    const auto mode = option_in(line, "hidepid");
    const auto group_text = option_in(line, "gid");
    gid_t group = 0;
    std::from_chars(group_text.data(), group_text.data() + group_text.size(), group);
    is_hiding = mode == "4" || mode == "ptraceable" ||
                ((mode == "2" || mode == "invisible") && !is_member(group));
  }
  return is_hiding;
}

host::Result<void> check_that_nothing_is_hidden() {
  if (may_look_at_all_processes()) {
    return {};
  }
  const auto mounts = read_all("/proc/self/mountinfo");
  if (!mounts) {
    return tl::unexpected(mounts.error());
  }
  if (hides_processes(*mounts, is_member_of)) {
    return tl::unexpected(host::Error{
        .text = "/proc is mounted with hidepid and hides processes from the agent, which lacks "
                "CAP_SYS_PTRACE: give it the capability, or mount /proc without hidepid"});
  }
  return {};
}

}  // namespace posix
