#include "agent/posix/hidden_processes.h"

#include "agent/posix/read_all.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace posix {
namespace {

// capabilities(7): a process that has it sees all others, however /proc is mounted.
bool may_look_at_all_processes() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data = {};
  return ::syscall(SYS_capget, &header, data.data()) == 0 &&
         (data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective & CAP_TO_MASK(CAP_SYS_PTRACE)) != 0;
}

}  // namespace

// proc_pid_mountinfo(5): the fifth field is the mount point, the last one has the options.
host::Result<void> check_that_nothing_is_hidden() {
  if (may_look_at_all_processes()) {
    return {};
  }
  const auto mounts = read_all("/proc/self/mountinfo");
  if (!mounts) {
    return tl::unexpected(mounts.error());
  }
  std::string_view rest = *mounts;
  bool is_hiding = false;  // the last mount is the one that is seen
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.find(" /proc ") != std::string_view::npos) {
      is_hiding = line.find("hidepid=2") != std::string_view::npos ||
                  line.find("hidepid=4") != std::string_view::npos ||
                  line.find("hidepid=invisible") != std::string_view::npos ||
                  line.find("hidepid=ptraceable") != std::string_view::npos;
    }
  }
  if (is_hiding) {
    return tl::unexpected(host::Error{
        .text = "/proc is mounted with hidepid and hides processes from the agent, which lacks "
                "CAP_SYS_PTRACE: give it the capability, or mount /proc without hidepid"});
  }
  return {};
}

}  // namespace posix
