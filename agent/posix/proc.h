#pragma once

#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/posix/descriptor.h"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posix {

// proc(5): an open directory of a process stays that of this process, and does not become that of a
// later one with the same pid: after its end reads fail (ESRCH).
struct ProcessDirectory {
  Descriptor handle;
  std::string path;

  [[nodiscard]] host::Result<std::string> read(const std::string& name) const;
};

[[nodiscard]] host::Result<ProcessDirectory> open_process_directory(int pid);

// The content of /proc/PID/stat.
struct ProcessStat {
  std::string name;
  int parent = 0;
  int session = 0;
  host::ProcessState state = host::ProcessState::running;
  std::uint64_t start_time = 0;
  bool is_kernel_thread = false;
  bool is_headless = false;  // it runs: its main thread has ended, but another one has not
};

[[nodiscard]] host::Result<ProcessStat> read_stat(const ProcessDirectory& directory);

// Parses the text of such a file, of a process or of a thread, and also returns the letter of the
// state. Nothing if it is not in the form of proc(5).
struct StatLine {
  ProcessStat stat;
  char state = '?';
  int threads = 0;
};
[[nodiscard]] std::optional<StatLine> parse_stat(std::string_view text);

// A line of /proc/PID/status, such as "Tgid", without its name. Empty if there is none.
[[nodiscard]] std::string_view status_line(std::string_view status, const std::string& name);

// Whether /proc shows a reader without CAP_SYS_PTRACE only processes that it may trace, according
// to the text of /proc/self/mountinfo (proc_pid_mountinfo(5): the fifth field is the mount point).
// proc(5): hidepid=2 (invisible) exempts the group gid=, which is 0 by default, so that root
// usually sees all; hidepid=4 (ptraceable) exempts none.
[[nodiscard]] bool hides_processes(std::string_view mounts, bool (*is_member)(gid_t group));

// `failed` if /proc hides processes from this process.
[[nodiscard]] host::Result<void> check_that_nothing_is_hidden();

}  // namespace posix
